import type { EventBus } from "pdfjs-dist/legacy/web/pdf_viewer.mjs";
import type { Span, Word } from "../../folding";
import { Asked, wordsOf } from "../../folding";
import { around, type Hits } from "../hits";
import type { Texts, Told } from "./texts";

interface PageText {
  text: string;
  words: Word[];
  /** For each letter of the text, where it stands among the letters that the text layer has. */
  places: number[];
}

/** How long the search may run before it lets the screen move. */
const BREATH = 12;

/**
 * Finds words by our own folding, for that of pdf.js takes đ for a letter of its own. The text
 * layers ask it what to mark: its names are theirs.
 */
export class Finder {
  readonly state = { highlightAll: true };
  readonly selected = { pageIdx: -1, matchIdx: -1 };
  pageMatches: number[][] = [];
  pageMatchesLength: number[][] = [];
  highlightMatches = false;
  onIsPageVisible: unknown = null;
  private count = 0;
  private readonly pages = new Map<number, Promise<PageText>>();
  private early: { text: string; from: number } | null = null;
  private turn = 0;

  constructor(
    private readonly bus: EventBus,
    private readonly hits: Hits,
    private readonly word: string,
    private readonly texts: () => Texts | null,
    private readonly show: (page: number) => void,
  ) {}

  /** Called when the first page is drawn: what was asked before is looked for now. */
  setDocument(document: { numPages: number } | null): void {
    this.count = document?.numPages ?? 0;
    this.pages.clear();
    if (document && this.early) void this.look(this.early.text, this.early.from);
  }

  scrollMatchIntoView({ element }: { element: HTMLElement | null }): void {
    element?.scrollIntoView({ block: "center", inline: "nearest" });
  }

  /** Look through the whole document, list what is found, and show the first from this page on. */
  async look(text: string, from = 1): Promise<void> {
    const turn = (this.turn += 1);
    const asked = new Asked(text);
    this.clear();
    this.early = this.count ? null : { text, from };
    if (asked.isEmpty || !this.count) {
      this.tell();
      return;
    }
    this.highlightMatches = true;
    this.hits.say(false);
    let before = 0;
    for await (const [page, found] of this.all(this.count)) {
      if (turn !== this.turn) return;
      if (page + 1 === from) before = this.hits.count;
      this.note(page, found, asked.within(found.words));
    }
    this.hits.begin(before);
    this.hits.say(true);
  }

  /** The text of each page; between them the screen may move. */
  private async *all(count: number): AsyncGenerator<[number, PageText]> {
    let breath = performance.now();
    for (let page = 0; page < count; page += 1) {
      yield [page, await this.textOf(page)];
      if (performance.now() - breath < BREATH) continue;
      await new Promise((done) => setTimeout(done));
      breath = performance.now();
    }
  }

  private clear(): void {
    this.hits.clear();
    this.pageMatches = [];
    this.pageMatchesLength = [];
    this.selected.pageIdx = this.selected.matchIdx = -1;
    this.highlightMatches = false;
  }

  private note(page: number, { text, places }: PageText, spans: Span[]): void {
    if (spans.length === 0) return;
    const placed = spans.map(({ start, end }) => {
      const from = places[start] ?? 0;
      return [from, (places[end - 1] ?? from) + 1 - from] as const;
    });
    // What was read in a picture has no letters on the page.
    if (places.length) {
      this.pageMatches[page] = placed.map(([from]) => from);
      this.pageMatchesLength[page] = placed.map(([, length]) => length);
    }
    spans.forEach((span, match) => {
      this.hits.add({
        where: `${this.word} ${String(page + 1)}`,
        ...around(text, span),
        show: () => {
          this.selected.pageIdx = page;
          this.selected.matchIdx = match;
          this.show(page + 1);
          this.tell();
        },
      });
    });
    this.tell(page);
  }

  private tell(page = -1): void {
    this.bus.dispatch("updatetextlayermatches", { source: this, pageIndex: page });
  }

  private textOf(page: number): Promise<PageText> {
    let found = this.pages.get(page);
    if (!found) {
      found = this.read(page);
      this.pages.set(page, found);
    }
    return found;
  }

  private async read(number: number): Promise<PageText> {
    const { pieces, isOnPage } = (await this.texts()?.of(number + 1)) ?? NOTHING;
    let text = "";
    let letters = 0;
    const places: number[] = [];
    for (const { str, hasEOL } of pieces) {
      for (let at = 0; at < str.length; at += 1) places.push(letters + at);
      text += str;
      letters += str.length;
      if (!hasEOL) continue;
      text += " ";
      places.push(letters - 1);
    }
    return { text, words: wordsOf(text), places: isOnPage ? places : [] };
  }
}

const NOTHING: Told = { pieces: [], isOnPage: false };
