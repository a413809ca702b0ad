import { each } from "./dom";
import "./letters";

/**
 * Correcting a page's text beside its picture: the line that is being typed is marked on the
 * picture, and Enter goes on to the next one instead of saving.
 */
function start(page: HTMLElement): void {
  const mark = page.querySelector("[data-correct-mark]");
  const lines = [...page.querySelectorAll<HTMLInputElement>("[data-correct-line]")];

  page.addEventListener("focusin", (event) => {
    const box = (event.target as HTMLElement).dataset.correctLine?.split(",");
    if (!mark || box?.length !== 4) return;
    ["x", "y", "width", "height"].forEach((side, at) => {
      mark.setAttribute(side, box[at] ?? "0");
    });
  });

  page.addEventListener("keydown", (event) => {
    const at = lines.indexOf(event.target as HTMLInputElement);
    if (at < 0 || event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    const next = lines[at + 1] ?? page.querySelector<HTMLElement>("[name=is_read]");
    next?.focus();
  });
}

each("[data-correct]", (page) => {
  start(page);
});
