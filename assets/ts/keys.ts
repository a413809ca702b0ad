import { isTyping } from "./dom";

const WITHOUT_TYPING = /^(F\d+|Escape)$/;

function target(key: string): HTMLElement | null {
  const named = document.querySelectorAll<HTMLElement>(`[data-key~="${CSS.escape(key)}"]`);
  return [...named].find((element) => element.getClientRects().length > 0) ?? null;
}

function press(element: HTMLElement): void {
  if (element.matches("input, select, textarea")) {
    element.focus();
    if (element instanceof HTMLInputElement) element.select();
  } else {
    element.click();
  }
}

/** A combination of keys belongs to the browser; a dialog or a drawer has keys of its own. */
function isForUs(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  if (event.isComposing || event.defaultPrevented) return false;
  return document.querySelector("dialog[open], .is-open") === null;
}

/**
 * Keys of the desk: an element with `data-key="F2"` (or several, with spaces) is pressed by F2,
 * an input is focused.
 * Letters and signs work only while nobody is typing; function keys and Esc always do.
 */
export function startKeys(): void {
  document.addEventListener("keydown", (event) => {
    if (!isForUs(event)) return;
    if (!WITHOUT_TYPING.test(event.key) && isTyping(event.target)) return;
    const element = target(event.key);
    if (!element) return;
    event.preventDefault();
    press(element);
  });
}
