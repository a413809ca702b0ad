import { sentence } from "./dom";
import { toast } from "./toast";

interface HtmxDetail {
  xhr?: XMLHttpRequest;
}

let underway = 0;
let timer: ReturnType<typeof setTimeout> | undefined;

/** Any wait over 400 ms shows itself as a line at the top of the page. */
function showWait(): void {
  clearTimeout(timer);
  const line = document.getElementById("wait-line");
  if (!line) return;
  if (underway === 0) line.hidden = true;
  else
    timer = setTimeout(() => {
      line.hidden = false;
    }, 400);
}

function wordsFor(status: number): string {
  if (status === 403 || status === 401) return sentence("sayForbidden");
  if (status === 404) return sentence("sayMissing");
  if (status === 429) return sentence("sayBusy");
  return sentence("sayFailed");
}

/** Say what went wrong with a request that htmx made; 409 and 422 are swapped in as pages. */
export function startRequests(): void {
  document.addEventListener("htmx:beforeRequest", () => {
    underway += 1;
    showWait();
  });
  document.addEventListener("htmx:afterRequest", () => {
    underway = Math.max(0, underway - 1);
    showWait();
  });
  for (const lost of ["htmx:sendError", "htmx:timeout"]) {
    document.addEventListener(lost, () => {
      toast(sentence("sayOffline"), "stop");
    });
  }
  document.addEventListener("htmx:responseError", (event) => {
    const { xhr } = (event as CustomEvent<HtmxDetail>).detail;
    toast(wordsFor(xhr?.status ?? 0), "stop");
  });
}
