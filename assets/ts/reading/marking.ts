import type { Page, Reading } from "./data";
import { imageOf, pageName, part } from "./data";
import type { Deeds } from "./deeds";
import { Drawing } from "./drawing";
import type { Layer } from "./layer";
import { Marks } from "./marks";
import { isNarrow, isOpen, open, panelDeeds } from "./panels";
import type { Locator, Mark, Places } from "./places";
import type { Region } from "./region";
import { around, isWithin, regionsOf, written } from "./region";
import { shape } from "./shape";
import type { View } from "./view";

/** What marking asks of the reader around it. */
export interface Around {
  /** The pages on the screen, and the words over them. */
  shown: () => Page[];
  layers: () => (Layer | null)[];
  /** Open the page of this name. */
  go: (page: string) => void;
}

/** A part of a page that is to be marked, and the words in it. */
interface Part {
  place: number;
  regions: Region[];
  quote: string;
}

/** Marks on page images: bookmarks, notes, and parts of pages that are coloured in. */
export class PageMarks {
  private readonly marks: Marks | null;
  private readonly drawing: Drawing;
  private laid: HTMLElement[] = [];
  /** What is marked next: a part drawn on a page; else the words that are chosen. */
  private drawn: Part | null = null;
  private wanted: Locator | null = null;

  constructor(
    private readonly reading: Reading,
    private readonly places: Places,
    private readonly view: View,
    private readonly beside: Around,
  ) {
    this.drawing = new Drawing(view, (seen) => {
      const quote = beside.layers()[seen.place]?.wordsIn(seen.region) ?? "";
      this.drawn = { place: seen.place, regions: [seen.region], quote };
      this.highlight();
    });
    const isThere = part("marks-list") !== null;
    this.marks = isThere
      ? new Marks(places, reading.title, reading.words, {
          go: (locator) => {
            this.go(locator);
          },
          here: () => this.here(),
          picture: (mark) => this.picture(mark),
          changed: () => {
            this.draw();
          },
        })
      : null;
  }

  start(): void {
    void this.marks?.start();
  }

  get deeds(): Deeds {
    if (!this.marks) return {};
    return {
      ...panelDeeds(["marks"], () => {
        if (isNarrow()) open("side", false);
      }),
      "key-bookmark": () => {
        this.marks?.bookmark();
      },
      highlight: () => {
        if (this.chosen()) this.highlight();
        else this.drawing.toggle();
      },
    };
  }

  /** Lay the marks of these pages over them. */
  draw(): void {
    for (const each of this.laid) this.view.lift(each);
    this.laid = this.marks ? this.beside.shown().map((page, place) => this.lay(page, place)) : [];
    if (!this.wanted) return;
    const place = this.beside.shown().findIndex(([name]) => name === this.wanted?.page);
    const regions = regionsOf(this.wanted.region);
    if (place < 0) return;
    this.wanted = null;
    if (regions.length) this.view.look(place, around(regions));
  }

  /** A mark that is touched shows what was written at it. */
  clicked(place: number, x: number, y: number): void {
    const page = this.beside.shown()[place];
    const found = this.of(page).find(({ locator }) => isWithin(regionsOf(locator.region), x, y));
    if (!found) return;
    if (!isOpen("marks")) open("marks", true);
    this.marks?.focus(found.uid);
  }

  private go(locator: Locator): void {
    this.wanted = locator;
    if (isNarrow()) open("marks", false);
    if (this.beside.shown().some(([name]) => name === locator.page)) this.draw();
    else this.beside.go(String(locator.page));
  }

  private highlight(): void {
    const uid = this.marks?.add("highlight", "yellow");
    this.drawn = null;
    document.getSelection()?.removeAllRanges();
    if (!uid || isNarrow()) return;
    open("marks", true);
    this.marks?.focus(uid);
  }

  private here(): { locator: Locator; label: string; quote: string } {
    const found = this.drawn ?? this.chosen();
    const page = this.beside.shown()[found?.place ?? 0];
    const label = page ? pageName(this.reading, page) : "";
    const locator = { page: page?.[0] ?? "" };
    if (!found) return { locator, label, quote: "" };
    const region = written(found.regions.slice(0, MOST_LINES));
    return { locator: { ...locator, region }, label, quote: found.quote.trim().slice(0, 2000) };
  }

  /** The words that are chosen on a page, line by line. */
  private chosen(): Part | null {
    const selection = document.getSelection();
    if (!selection?.rangeCount || selection.isCollapsed) return null;
    const range = selection.getRangeAt(0);
    for (const [place, layer] of this.beside.layers().entries()) {
      const regions = layer?.chosen(range) ?? [];
      if (regions.length) return { place, regions, quote: selection.toString() };
    }
    return null;
  }

  private picture({ locator }: Mark): string {
    const [first] = regionsOf(locator.region);
    const page = this.reading.pages.find(([name]) => name === locator.page);
    if (!page || !first) return "";
    return `${imageOf(this.reading, page)}/${written([first])}/${sizeOf(first)}/0/default.jpg`;
  }

  private of(page: Page | undefined): Mark[] {
    return this.places.marks.filter(({ locator }) => page && locator.page === page[0]);
  }

  private lay(page: Page, place: number): HTMLElement {
    const element = document.createElement("div");
    element.className = "reading-layer";
    const [, , width, height] = page;
    const drawing = shape("svg", { viewBox: `0 0 ${String(width)} ${String(height)}` });
    drawing.setAttribute("aria-hidden", "true");
    for (const mark of this.of(page)) {
      const regions = regionsOf(mark.locator.region);
      drawing.append(...regions.map((region) => inked(region, mark)));
      if (!regions.length) element.append(ribbon(mark));
    }
    element.prepend(drawing);
    this.view.lay(place, element);
    return element;
  }
}

// What a place may say is bounded; a chosen text of more lines is marked as far as that.
const MOST_LINES = 60;
const PICTURE = 480;

/** The size of the small picture of a part; never larger than the part is. */
function sizeOf({ width, height }: Region): string {
  const scale = Math.min(1, PICTURE / width, PICTURE / 2 / height);
  return `${String(Math.max(1, Math.floor(width * scale)))},`;
}

function inked(region: Region, mark: Mark): SVGElement {
  const { x, y, width, height } = region;
  const colour = mark.colour || "yellow";
  return shape("rect", { x, y, width, height, class: `reading-inked reading-inked-${colour}` });
}

/** The sign of a mark that is on the page as a whole. */
function ribbon(mark: Mark): HTMLElement {
  const made = document.createElement("span");
  made.className = `reading-ribbon reading-ribbon-${mark.kind}`;
  return made;
}
