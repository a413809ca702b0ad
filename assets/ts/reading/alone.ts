import type { Span, Word } from "../folding";
import { Asked, wordsOf } from "../folding";
import { around } from "./hits";
import type { PageWords } from "./layer";

/** A page that was found on this device: its name, and what stands around the first hit. */
export interface FoundAlone {
  name: string;
  before: string;
  match: string;
  after: string;
}

const AT_ONCE = 20;

/** Searches the pages that are kept on this device, where no line reaches the library. */
export class Alone {
  private readonly asked: Asked;
  private readonly each: Asked[];
  /** No page has a word: nothing of the document is kept here. */
  isEmpty = true;

  constructor(q: string) {
    this.asked = new Asked(q);
    this.each = wordsOf(q).map(({ start, end }) => new Asked(q.slice(start, end)));
  }

  /** The pages with the words, in their order. */
  async pages(
    names: readonly string[],
    textOf: (name: string) => Promise<PageWords>,
  ): Promise<FoundAlone[]> {
    const found: FoundAlone[] = [];
    for (let place = 0; place < names.length; place += AT_ONCE) {
      const some = names.slice(place, place + AT_ONCE);
      const told = await Promise.all(some.map(textOf));
      some.forEach((name, number) => {
        const { text } = written(told[number]);
        if (text) this.isEmpty = false;
        const [first] = this.spans(text);
        if (first) found.push({ name, ...around(text, first) });
      });
    }
    return found;
  }

  /** The words of a page with the marks that the library would have made. */
  marked(words: PageWords): PageWords {
    const { text, ends } = written(words);
    const marks = this.spans(text).map(({ start, end }): [number, number] => [
      ends.findIndex((each) => each > start),
      ends.findIndex((each) => each >= end) + 1,
    ]);
    return { lines: words.lines, marks };
  }

  /** Side by side where they stand so; else each of the words, if all of them are there. */
  private spans(text: string): Span[] {
    const words: Word[] = wordsOf(text);
    const together = this.asked.within(words);
    if (together.length) return together;
    const apart = this.each.map((one) => one.within(words));
    if (!apart.length || apart.some((spans) => spans.length === 0)) return [];
    return apart.flat().sort((one, other) => one.start - other.start);
  }
}

/** The words of a page as one text, and where each of them ends in it. */
function written(page: PageWords | undefined): { text: string; ends: number[] } {
  const ends: number[] = [];
  let text = "";
  for (const [word] of page?.lines.flat() ?? []) {
    text += `${text ? " " : ""}${word}`;
    ends.push(text.length);
  }
  return { text, ends };
}

/** The list of pages as the library writes it (reading/found.html). */
export function listed(
  found: readonly FoundAlone[],
  said: string,
  pageOf: (name: string) => { label: string; address: string },
): DocumentFragment {
  const fragment = document.createDocumentFragment();
  const status = document.createElement("p");
  status.className = "muted small";
  status.setAttribute("role", "status");
  status.textContent = said;
  const list = document.createElement("ol");
  list.className = "reading-hits";
  list.append(...found.map((each) => lineOf(each, pageOf(each.name))));
  fragment.append(status, list);
  return fragment;
}

function lineOf(
  found: FoundAlone,
  { label, address }: { label: string; address: string },
): Element {
  const item = document.createElement("li");
  const link = document.createElement("a");
  link.href = address;
  link.dataset.page = found.name;
  const name = document.createElement("b");
  name.textContent = label;
  const mark = document.createElement("mark");
  mark.textContent = found.match;
  const words = document.createElement("span");
  words.append(found.before, mark, found.after);
  link.append(name, " ", words);
  item.append(link);
  return item;
}
