import { isTyping, on } from "../dom";

/** What a reader can do with the pages, by name; buttons and keys name them. */
export type Deeds = Record<string, () => void>;

const KEYS: Record<string, string | undefined> = {
  ArrowLeft: "before",
  PageUp: "before",
  ArrowRight: "after",
  PageDown: "after",
  Home: "first",
  End: "last",
  "+": "larger",
  "=": "larger",
  "-": "smaller",
  "0": "whole",
  f: "full",
  "/": "find",
  b: "key-bookmark",
  h: "highlight",
  m: "marks",
  n: "hit-after",
  N: "hit-before",
};

export function startButtons(deeds: Deeds): void {
  on("click", "[data-reading]", (element, event) => {
    const deed = deeds[element.dataset.reading ?? ""];
    if (!deed) return;
    event.preventDefault();
    deed();
  });
}

/** Keys turn and enlarge pages, but not while somebody types or a dialog is open. */
export function startKeys(deeds: Deeds, within: Document = document): void {
  within.addEventListener("keydown", (event) => {
    const isElsewhere = isTyping(event.target) || document.querySelector("dialog[open]");
    if (isElsewhere || event.ctrlKey || event.altKey || event.metaKey) return;
    const deed = deeds[KEYS[event.key] ?? ""];
    if (!deed) return;
    event.preventDefault();
    deed();
  });
}
