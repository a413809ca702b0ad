/** A sentence at the foot of the page that a screen reader speaks; gone after some seconds. */
export function toast(words: string, kind: "info" | "success" | "stop" = "info"): void {
  const tray = document.getElementById("toasts");
  if (!tray || !words) return;
  const box = document.createElement("div");
  box.className = `message message-${kind}`;
  const text = document.createElement("div");
  text.textContent = words;
  box.append(text);
  tray.replaceChildren(box);
  setTimeout(
    () => {
      box.remove();
    },
    kind === "stop" ? 12_000 : 4_000,
  );
}
