import { each, on } from "./dom";

/**
 * Inputs that a scanner types into (`data-scan`): trimmed before they are sent, selected when
 * they get the focus, and given the focus back after every answer, so that the next scan lands.
 */
export function startScan(): void {
  on("focusin", "input[data-scan]", (input) => {
    if (input instanceof HTMLInputElement) input.select();
  });
  document.addEventListener(
    "submit",
    (event) => {
      const form = event.target;
      if (!(form instanceof HTMLFormElement)) return;
      const inputs = [...form.querySelectorAll<HTMLInputElement>("input[data-scan]")];
      for (const input of inputs) input.value = input.value.normalize("NFC").trim();
      if (inputs.length > 0 && inputs.every((input) => input.value === "")) {
        event.preventDefault();
        event.stopImmediatePropagation();
        inputs[0]?.focus();
      }
    },
    true,
  );
  // Esc takes back what was typed; only when nothing is, it does what else it is for.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    if (document.querySelector("dialog[open], .is-open")) return;
    const input = document.querySelector<HTMLInputElement>("input[data-scan]");
    if (!input?.value) return;
    event.preventDefault();
    input.value = "";
    input.focus();
  });
  document.addEventListener("htmx:afterSettle", () => {
    const busy = document.activeElement;
    if (busy && busy !== document.body && busy.isConnected) return;
    document.querySelector<HTMLInputElement>("input[data-scan]:not([disabled])")?.focus();
  });
  each("input[data-scan][autofocus]", (input) => {
    input.focus();
  });
}
