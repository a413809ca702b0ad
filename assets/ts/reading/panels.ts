import { part } from "./data";
import type { Deeds } from "./deeds";

const NARROW = "(max-width: 719px)";

/** Whether the screen has no room for a panel beside the page. */
export function isNarrow(): boolean {
  return window.matchMedia(NARROW).matches;
}

/** Open or shut a panel, and let its button say so. */
export function open(name: string, isOpen: boolean): void {
  const panel = document.getElementById(name);
  if (!panel) return;
  panel.hidden = !isOpen;
  document
    .querySelector(`[data-reading="${name}"][aria-expanded]`)
    ?.setAttribute("aria-expanded", String(isOpen));
}

export function isOpen(name: string): boolean {
  return document.getElementById(name)?.hidden === false;
}

/** The deeds that open the panels; on a phone one at a time. */
export function panelDeeds(names: string[], opened: (name: string) => void): Deeds {
  const deeds: Deeds = {};
  for (const name of names) {
    deeds[name] = () => {
      const willOpen = !isOpen(name);
      if (willOpen && isNarrow()) for (const other of names) open(other, false);
      open(name, willOpen);
      if (!willOpen) return;
      opened(name);
      document.getElementById(name)?.querySelector<HTMLElement>("input[type=search]")?.focus();
    };
  }
  return deeds;
}

/** Escape shuts the panel one is in, or on a narrow screen the one before the page. */
export function startEscape(): void {
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    if (document.querySelector("dialog[open]")) return;
    const opener = openerNear(event.target as Node);
    if (!opener) return;
    event.preventDefault();
    opener.click();
    opener.focus();
  });
}

function openerNear(place: Node): HTMLElement | undefined {
  const openers = [
    ...document.querySelectorAll<HTMLElement>("[aria-controls][aria-expanded=true]"),
  ].filter((each) => panelOf(each));
  const near = openers.find((each) => each.contains(place) || panelOf(each)?.contains(place));
  return near ?? (isNarrow() ? openers[openers.length - 1] : undefined);
}

function panelOf(opener: HTMLElement): HTMLElement | null {
  return document.getElementById(opener.getAttribute("aria-controls") ?? "");
}

/** Where the document could not be opened, say so in its place. */
export function apologise(words: string): void {
  const place = part("wait");
  if (!place) return;
  place.hidden = false;
  place.classList.add("reading-failed");
  place.textContent = words;
}

export function opened(): void {
  const place = part("wait");
  if (place) place.hidden = true;
  document.body.classList.add("reading-drawn");
}
