import type { KeepingTold } from "./keeping";
import type { PlacesTold } from "./places";

/** A page as the server tells it: its name, its label, its width and height. */
export type Page = [name: string, label: string, width: number, height: number];

/** What the viewer knows of the object; `reading/presenting.py` writes it. */
export interface Reading {
  images: string;
  ticket: string;
  renew: string;
  home: string;
  site: string;
  lasting: string;
  citation: string;
  title: string;
  place: number;
  pages: Page[];
  places?: PlacesTold;
  /** What of the scan may be kept: how many pages and bytes, and in which width. */
  offline: KeepingTold & { pages: number; bytes: number; width: number };
  /** Whether this is the page that was kept, which shows the pictures that were. */
  isKept: boolean;
  words: { page: string; lost: string } & Record<string, string | undefined>;
}

export function readingOf(id: string): Reading | null {
  const text = document.getElementById(id)?.textContent;
  return text ? (JSON.parse(text) as Reading) : null;
}

/** The address of a page's image, with the ticket that opens it. */
export function imageOf(reading: Reading, page: Page): string {
  return `${reading.images}${page[0]}${reading.ticket ? `~${reading.ticket}` : ""}`;
}

/** What a sentence calls a page: "Trang 12", and "Trang nhất" for one that is labelled so. */
export function pageName(reading: Reading, page: Page): string {
  return `${reading.words.page} ${afterTheWord(page[1])}`;
}

/** A label after the word for page, with which it may begin: `after_the_word` of the server. */
export function afterTheWord(label: string): string {
  return label.replace(/^((trang|page)\s+|(tr|p)\.\s*)(?=\S)/i, "");
}

/** The lasting address of a page. */
export function addressOf(reading: Reading, page: Page): string {
  return `${reading.home}${page[0]}/`;
}

/** An element of the viewer, by the name that its template gives it. */
export function part(name: string): HTMLElement | null {
  return document.querySelector<HTMLElement>(`[data-reading="${name}"]`);
}
