import type { Region } from "./region";
import { around, isWithin } from "./region";
import { shape } from "./shape";

/** A word of a page as the server tells it: the word, and its box in pixels of the page. */
export type PlacedWord = [text: string, x: number, y: number, width: number, height: number];

/** The words of a page line by line, and which of them were asked for: first, one past the last. */
export interface PageWords {
  lines: PlacedWord[][];
  marks: [first: number, last: number][];
}

const BASELINE = 0.8;

/** What lies over the picture of a page: its words, to be selected, and the marks of hits. */
export class Layer {
  readonly element = document.createElement("div");
  /** Where each hit stands: a box around the words, however many lines they are on. */
  readonly hits: Region[];
  private readonly groups: SVGElement[];
  private readonly lines: { element: SVGElement; words: PlacedWord[] }[];

  constructor(words: PageWords, width: number, height: number) {
    const drawing = shape("svg", { viewBox: `0 0 ${String(width)} ${String(height)}` });
    drawing.setAttribute("aria-hidden", "true");
    const runs = words.marks.map((mark) => boxesOf(words.lines, mark));
    this.hits = runs.map(around);
    this.groups = runs.map((boxes) => {
      const group = shape("g", { class: "reading-found" });
      group.append(...boxes.map(markOf));
      return group;
    });
    this.lines = words.lines.map((line) => {
      const placed = line.filter(([, , , width, height]) => width && height);
      return { element: lineOf(placed), words: placed };
    });
    drawing.append(...this.groups, ...this.lines.map(({ element }) => element));
    this.element.className = "reading-layer";
    this.element.append(drawing);
  }

  /** Where the chosen words stand, a box for each line. */
  chosen(range: Range): Region[] {
    return this.lines.flatMap(({ element, words }) => {
      const within = words.filter((_, each) => isChosen(range, element.children[each]));
      return within.length ? [around(within.map(boxOf))] : [];
    });
  }

  /** The words that stand within a part of the page. */
  wordsIn(region: Region): string {
    const within = this.lines.map(({ words }) =>
      words.filter(([, x, y, width, height]) => isWithin([region], x + width / 2, y + height / 2)),
    );
    return within
      .filter((line) => line.length)
      .map((line) => line.map(([text]) => text).join(" "))
      .join("\n");
  }

  /** Show which hit one is at; none for a number that there is not. */
  point(number: number): void {
    this.groups.forEach((group, each) => {
      group.classList.toggle("reading-found-now", each === number);
    });
  }
}

/** Whether letters of the word are chosen: to end just before it is not enough. */
function isChosen(range: Range, word: Element | undefined): boolean {
  if (!word || !range.intersectsNode(word)) return false;
  return !(range.endOffset === 0 && word.contains(range.endContainer));
}

function boxesOf(lines: PlacedWord[][], [first, last]: [number, number]): Region[] {
  const boxes: Region[] = [];
  let before = 0;
  for (const line of lines) {
    const words = line.slice(Math.max(0, first - before), Math.max(0, last - before));
    if (words.length && words.every((word) => word[3] && word[4])) {
      boxes.push(around(words.map(boxOf)));
    }
    before += line.length;
  }
  return boxes;
}

function boxOf([, x, y, width, height]: PlacedWord): Region {
  return { x, y, width, height };
}

function markOf({ x, y, width, height }: Region): SVGElement {
  const room = height / 6;
  return shape("rect", {
    x: x - room,
    y: y - room,
    width: width + 2 * room,
    height: height + 2 * room,
    rx: room,
  });
}

function lineOf(words: PlacedWord[]): SVGElement {
  const line = shape("text", {});
  for (const [text, x, y, width, height] of words) {
    const word = shape("tspan", {
      x,
      y: y + height * BASELINE,
      "font-size": height * BASELINE,
      textLength: width,
      lengthAdjust: "spacingAndGlyphs",
    });
    word.textContent = `${text} `;
    line.append(word);
  }
  return line;
}
