// IIIF Authorization Flow 2.0: the frame that posts a token to its viewer, and the window that
// closes itself when the reader has answered.

interface Told {
  message: Record<string, unknown>;
  origin: string;
}

const told = document.getElementById("iiif-flow");
if (told?.textContent) {
  const { message, origin } = JSON.parse(told.textContent) as Told;
  window.parent.postMessage(message, origin);
} else if (document.querySelector("[data-iiif-close]")) {
  window.close();
}
