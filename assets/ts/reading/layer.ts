import type { Region } from "./region";

/** A word of a page as the server tells it: the word, and its box in pixels of the page. */
export type PlacedWord = [text: string, x: number, y: number, width: number, height: number];

/** The words of a page line by line, and which of them were asked for: first, one past the last. */
export interface PageWords {
  lines: PlacedWord[][];
  marks: [first: number, last: number][];
}

const SVG = "http://www.w3.org/2000/svg";
const BASELINE = 0.8;

/** What lies over the picture of a page: its words, to be selected, and the marks of hits. */
export class Layer {
  readonly element = document.createElement("div");
  /** Where each hit stands: a box around the words, however many lines they are on. */
  readonly hits: Region[];
  private readonly groups: SVGElement[];

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
    drawing.append(...this.groups, ...words.lines.map(lineOf));
    this.element.className = "reading-layer";
    this.element.append(drawing);
  }

  /** Show which hit one is at; none for a number that there is not. */
  point(number: number): void {
    this.groups.forEach((group, each) => {
      group.classList.toggle("reading-found-now", each === number);
    });
  }
}

function boxesOf(lines: PlacedWord[][], [first, last]: [number, number]): Region[] {
  const boxes: Region[] = [];
  let before = 0;
  for (const line of lines) {
    const words = line.slice(Math.max(0, first - before), Math.max(0, last - before));
    if (words.length && words.every((word) => word[3] && word[4])) {
      boxes.push(around(words.map(([, x, y, width, height]) => ({ x, y, width, height }))));
    }
    before += line.length;
  }
  return boxes;
}

function around(boxes: Region[]): Region {
  const x = Math.min(...boxes.map((box) => box.x));
  const y = Math.min(...boxes.map((box) => box.y));
  const right = Math.max(...boxes.map((box) => box.x + box.width));
  const bottom = Math.max(...boxes.map((box) => box.y + box.height));
  return { x, y, width: right - x, height: bottom - y };
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
    if (!width || !height) continue;
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

function shape(name: string, attributes: Record<string, string | number>): SVGElement {
  const element = document.createElementNS(SVG, name);
  for (const [attribute, value] of Object.entries(attributes)) {
    element.setAttribute(attribute, String(value));
  }
  return element;
}
