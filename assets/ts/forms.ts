import { each, on } from "./dom";
import { startMenus } from "./menus";

/** Small helps that every form gets. */
export function startForms(): void {
  // A choice that takes effect at once, where the page also has a button for those without script.
  // In an open drawer one chooses several things first, and its own button sends them.
  on("change", "[data-submit-on-change]", (element) => {
    if (element.closest(".is-open")) return;
    element.closest("form")?.requestSubmit();
  });
  // A second press of the button must not lend the book twice.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || form.method === "get" || event.defaultPrevented) {
      return;
    }
    const button = event.submitter;
    if (!button || form.target === "_blank") return;
    setTimeout(() => {
      button.setAttribute("aria-disabled", "true");
      setTimeout(() => {
        button.removeAttribute("aria-disabled");
      }, 3_000);
    });
  });
  on("click", "button[aria-disabled=true]", (_button, event) => {
    event.preventDefault();
  });
  // After a refused form the first thing to read is why.
  each("[data-form-errors]", (box) => {
    box.focus();
  });
  on("click", "[data-clear]", (button) => {
    button.parentElement?.remove();
    document.getElementById("main")?.focus();
  });
  on("click", "[data-print-page]", () => {
    window.print();
  });
  startMenus();
}
