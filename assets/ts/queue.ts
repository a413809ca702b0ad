import { toast } from "./toast";

interface Htmx {
  ajax(verb: string, path: string, context: object): Promise<void>;
}

const waiting: string[] = [];
let isBusy = false;

function htmx(): Htmx | undefined {
  return (window as { htmx?: Htmx }).htmx;
}

function scanForm(): HTMLFormElement | null {
  return document.querySelector<HTMLFormElement>("form[data-scan-queue]");
}

/** After a refusal nobody knows what the later scans were meant for: name them, do not do them. */
function stopAtRefusal(form: HTMLFormElement): void {
  if (waiting.length === 0 || !document.querySelector("#board .message-stop")) return;
  const left = waiting.splice(0).join(", ");
  toast(`${form.dataset.sayLeft ?? ""} ${left}`, "stop");
}

async function work(): Promise<void> {
  const form = scanForm();
  const engine = htmx();
  const text = waiting.shift();
  if (isBusy || !form || !engine || text === undefined) {
    if (text !== undefined) waiting.unshift(text);
    return;
  }
  isBusy = true;
  try {
    const values = { ...Object.fromEntries(new FormData(form)), q: text };
    await engine.ajax("POST", form.action, { target: "#board", swap: "outerHTML", values });
    stopAtRefusal(form);
  } finally {
    isBusy = false;
  }
  await work();
}

/** The words of the input follow what the last answer says that a scan now does. */
function showState(): void {
  const state = document.getElementById("scan-state");
  const form = scanForm();
  if (!state || !form) return;
  const { placeholder = "", label = "" } = state.dataset;
  form.querySelector("input[data-scan]")?.setAttribute("placeholder", placeholder);
  form.querySelector("[data-scan-label]")?.replaceChildren(label);
}

/**
 * Scans that come faster than answers (`form[data-scan-queue]`) wait in line: the input is free at
 * once, none is lost, and each is done with the reader and the mode that the one before left.
 */
export function startQueue(): void {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || !form.matches("[data-scan-queue]") || !htmx()) return;
    const input = form.querySelector<HTMLInputElement>("input[data-scan]");
    if (!input) return;
    event.preventDefault();
    waiting.push(input.value);
    input.value = "";
    input.focus();
    void work();
  });
  document.addEventListener("htmx:afterSettle", showState);
}
