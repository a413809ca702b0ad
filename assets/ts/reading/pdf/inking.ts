import type { EventBus } from "pdfjs-dist/legacy/web/pdf_viewer.mjs";
import type { Locator, Mark } from "../places";

const LONGEST = 2000;

/** Words of a page that are chosen: where they begin and end among the letters of its text. */
export interface Chosen {
  page: number;
  start: number;
  end: number;
  quote: string;
}

interface Rendered {
  pageNumber: number;
}

/**
 * Colours in the words that are marked, on the page itself. A mark is kept as its words and their
 * place among the letters of the page: where a newer file has moved them, they are looked for.
 */
export class Inking {
  private marks: readonly Mark[] = [];

  constructor(
    private readonly stage: HTMLElement,
    bus: EventBus,
    private readonly touched: (uid: string) => void,
  ) {
    bus.on("textlayerrendered", ({ pageNumber }: Rendered) => {
      this.ink(pageNumber);
    });
    stage.addEventListener("click", ({ clientX, clientY }) => {
      this.touch(clientX, clientY);
    });
  }

  draw(marks: readonly Mark[]): void {
    this.marks = marks.filter(({ kind, quote }) => kind !== "bookmark" && quote);
    for (const layer of this.stage.querySelectorAll(".textLayer")) {
      const page = layer.closest<HTMLElement>(".page")?.dataset.pageNumber;
      if (page) this.ink(Number(page));
    }
  }

  /** The words that are chosen; of a choice over several pages, those on the first. */
  chosen(): Chosen | null {
    const selection = document.getSelection();
    if (!selection?.rangeCount || selection.isCollapsed) return null;
    const range = selection.getRangeAt(0);
    for (const layer of this.stage.querySelectorAll(".textLayer")) {
      const page = Number(layer.closest<HTMLElement>(".page")?.dataset.pageNumber);
      const found = stretch(layer, range);
      if (found) return { page, ...found };
    }
    return null;
  }

  /** Bring a mark into sight, once its page is drawn. */
  show(locator: Locator): void {
    const inked = this.stage.querySelector(`[data-start="${String(locator.start)}"]`);
    inked?.scrollIntoView({ block: "center", inline: "nearest" });
  }

  private ink(number: number): void {
    const page = this.stage.querySelector(`.page[data-page-number="${String(number)}"]`);
    const layer = page?.querySelector(".textLayer");
    if (!page || !layer) return;
    page.querySelector(".reading-inks-of-page")?.remove();
    const inks = document.createElement("div");
    inks.className = "reading-inks-of-page";
    const here = this.marks.filter(({ locator }) => locator.page === number);
    inks.append(...here.flatMap((mark) => inked(mark, layer, page)));
    page.append(inks);
  }

  private touch(x: number, y: number): void {
    if (document.getSelection()?.isCollapsed === false) return;
    const all = this.stage.querySelectorAll<HTMLElement>(".reading-inked");
    const found = Array.from(all).find((each) => isBelow(each, x, y));
    if (found) this.touched(found.dataset.uid ?? "");
  }
}

function isBelow(element: HTMLElement, x: number, y: number): boolean {
  const { left, right, top, bottom } = element.getBoundingClientRect();
  return x >= left && x <= right && y >= top && y <= bottom;
}

/** The texts of a page in their order, as its letters are counted. */
function texts(layer: Element): Text[] {
  const walker = document.createTreeWalker(layer, NodeFilter.SHOW_TEXT);
  const found: Text[] = [];
  while (walker.nextNode()) found.push(walker.currentNode as Text);
  return found;
}

function stretch(layer: Element, range: Range): Omit<Chosen, "page"> | null {
  let letters = 0;
  const parts = texts(layer).map((text) => {
    const [from, to] = chosenOf(text, range);
    const part = { start: letters + from, quote: text.data.slice(from, to) };
    letters += text.length;
    return part;
  });
  const chosen = parts.filter(({ quote }) => quote);
  const start = chosen[0]?.start ?? 0;
  const quote = chosen.map((part) => part.quote).join("");
  if (!quote.trim()) return null;
  return { start, end: start + quote.length, quote: quote.slice(0, LONGEST) };
}

/** The letters of a text that are chosen: the first, and one past the last. */
function chosenOf(text: Text, range: Range): [from: number, to: number] {
  if (!range.intersectsNode(text)) return [0, 0];
  const from = text === range.startContainer ? range.startOffset : 0;
  const to = text === range.endContainer ? range.endOffset : text.length;
  return [from, to];
}

function inked(mark: Mark, layer: Element, page: Element): HTMLElement[] {
  const around = page.getBoundingClientRect();
  const colour = mark.colour || "yellow";
  return lines(rangeOf(mark, layer)).map((box) => {
    const element = document.createElement("div");
    element.className = `reading-inked reading-inked-${colour}`;
    element.dataset.uid = mark.uid;
    element.dataset.start = String(mark.locator.start);
    const { style } = element;
    // Parts of the page, so that they stay where they are when it grows.
    style.left = share(box.left - around.left, around.width);
    style.top = share(box.top - around.top, around.height);
    style.width = share(box.width, around.width);
    style.height = share(box.height, around.height);
    return element;
  });
}

/** The letters of a mark: where it says, or where its words stand now. */
function rangeOf({ locator, quote }: Mark, layer: Element): Range | null {
  const nodes = texts(layer);
  const whole = nodes.map(({ data }) => data).join("");
  const told = typeof locator.start === "number" ? locator.start : -1;
  const start = whole.startsWith(quote, told) ? told : whole.indexOf(quote);
  if (start < 0) return null;
  const range = document.createRange();
  const isSet = set(nodes, start, (node, at) => {
    range.setStart(node, at);
  });
  set(nodes, start + quote.length, (node, at) => {
    range.setEnd(node, at);
  });
  return isSet ? range : null;
}

function set(nodes: readonly Text[], at: number, found: (node: Text, at: number) => void): boolean {
  let left = at;
  for (const node of nodes) {
    if (left <= node.length) {
      found(node, left);
      return true;
    }
    left -= node.length;
  }
  return false;
}

/** The boxes of a stretch of text without the empty ones. */
function lines(range: Range | null): DOMRect[] {
  const boxes = range ? Array.from(range.getClientRects()) : [];
  const full = boxes.filter(({ width, height }) => width > 0.5 && height > 0.5);
  // A marked hit lies in an element of its own, which has the box of its words once more.
  return full.filter((box, each) => !full.slice(0, each).some((other) => isAlike(box, other)));
}

function isAlike(one: DOMRect, other: DOMRect): boolean {
  return Math.abs(one.left - other.left) < 1 && Math.abs(one.top - other.top) < 1;
}

function share(part: number, whole: number): string {
  return `${String((100 * part) / whole)}%`;
}
