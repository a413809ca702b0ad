import type { View } from "foliate-js/view.js";
import { Asked, type Span, wordsOf } from "../../folding";
import { around, type Hits } from "../hits";

/** Lines are parted where a block ends, that the last word of one and the first of the next stay two. */
const BLOCKS =
  "address, article, aside, blockquote, body, br, caption, dd, div, dl, dt, figcaption, figure, " +
  "h1, h2, h3, h4, h5, h6, header, hr, li, main, nav, ol, p, pre, section, table, td, th, tr, ul";

interface ChapterText {
  text: string;
  nodes: { node: Text; start: number }[];
}

/** Finds words in a book by our own folding. */
export class BookSearch {
  /** Where in each chapter something was found, for what draws it. */
  readonly found = new Map<number, string[]>();
  private turn = 0;

  constructor(
    private readonly view: View,
    private readonly hits: Hits,
    private readonly labelOf: (index: number) => string,
    private readonly changed: () => void,
  ) {}

  async look(text: string): Promise<void> {
    const turn = (this.turn += 1);
    const asked = new Asked(text);
    this.hits.clear();
    this.found.clear();
    this.changed();
    this.hits.say(false);
    const { sections } = this.view.book;
    for (let index = 0; index < sections.length && !asked.isEmpty; index += 1) {
      const document = await sections[index]?.createDocument?.();
      if (turn !== this.turn) return;
      if (document) this.chapter(index, document, asked);
    }
    this.changed();
    if (this.hits.count) this.hits.step(1);
    this.hits.say(true);
  }

  private chapter(index: number, document: Document, asked: Asked): void {
    const read = textOf(document);
    const spans = asked.within(wordsOf(read.text));
    const places = spans.map((span) => this.view.getCFI(index, rangeOf(document, read, span)));
    if (places.length) this.found.set(index, places);
    spans.forEach((span, place) => {
      this.hits.add({
        where: this.labelOf(index),
        ...around(read.text, span),
        show: () => void this.view.goTo(places[place] ?? index),
      });
    });
  }
}

export function textOf(document: Document): ChapterText {
  const root = document.body;
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const nodes: ChapterText["nodes"] = [];
  let text = "";
  let block: Element | null = null;
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const { data, parentElement } = node as Text;
    const own = parentElement?.closest(BLOCKS) ?? null;
    if (!data || parentElement?.closest("script, style")) continue;
    if (own !== block) text += " ";
    block = own;
    nodes.push({ node: node as Text, start: text.length });
    text += data;
  }
  return { text, nodes };
}

export function rangeOf(document: Document, read: ChapterText, span: Span): Range {
  const range = document.createRange();
  const first = nodeAt(read, span.start);
  const last = nodeAt(read, span.end - 1);
  if (first) range.setStart(first.node, span.start - first.start);
  if (last) range.setEnd(last.node, Math.min(span.end - last.start, last.node.length));
  return range;
}

function nodeAt(read: ChapterText, place: number): ChapterText["nodes"][number] | undefined {
  let low = 0;
  let high = read.nodes.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((read.nodes[middle]?.start ?? 0) <= place) low = middle;
    else high = middle - 1;
  }
  return read.nodes[low];
}
