import { Overlayer } from "foliate-js/overlayer.js";
import { type Annotation, type Location, type TocItem, View } from "foliate-js/view.js";
import { type Line, writeContents } from "../contents";
import { afterTheWord, part } from "../data";
import { type Deeds, startButtons, startKeys } from "../deeds";
import { Hits, startFinding, wordsAsked } from "../hits";
import { Keeping } from "../keeping";
import { Marks } from "../marks";
import { apologise, isNarrow, open, opened, panelDeeds, startEscape } from "../panels";
import { Places, type Locator, type Mark } from "../places";
import { Source, type Told } from "../source";
import { Controls } from "./controls";
import { paperOf, stylesOf, type Look } from "./look";
import { openBook } from "./opening";
import { BookSearch } from "./searching";
import { Speaker } from "./speaking";

const FOUND = "#ff8a3d";
const COLOURS: Record<string, string | undefined> = {
  yellow: "#ffd54a",
  green: "#7bc67b",
  blue: "#6fb1e0",
  red: "#f08a7a",
};

interface Drawing extends Event {
  detail: {
    draw: (how: unknown, options: { color: string }) => void;
    annotation: Annotation;
  };
}

/** The reader of e-books: foliate-js sets the pages, everything around them is ours. */
export class EpubReader {
  private readonly view = new View();
  private readonly places: Places;
  private readonly hits: Hits;
  private readonly search: BookSearch;
  private readonly marks: Marks;
  private readonly speaker: Speaker;
  private drawn: Annotation[] = [];

  constructor(
    private readonly told: Told,
    private readonly stage: HTMLElement,
  ) {
    this.places = new Places(told.places);
    this.hits = new Hits(told.words);
    this.search = new BookSearch(
      this.view,
      this.hits,
      (index) => this.chapterOf(index),
      () => void this.redraw(),
    );
    this.speaker = new Speaker(this.view, told.language || "vi", {
      noVoice: told.words.noVoice ?? "",
      mute: told.words.mute ?? "",
    });
    this.marks = new Marks(this.places, told.title, told.words, {
      go: (locator) => void this.view.goTo(String(locator.cfi)),
      here: () => this.here(),
      changed: () => void this.redraw(),
    });
  }

  async start(): Promise<void> {
    this.stage.append(this.view);
    this.listen();
    try {
      const book = await openBook(new Source(this.told), this.told.size);
      await this.view.open(book);
      new Controls((look) => {
        this.dress(look);
      }).start();
      const cfi = this.places.place?.locator.cfi;
      await this.view.init({ lastLocation: typeof cfi === "string" ? cfi : undefined });
    } catch {
      apologise(this.told.words.damaged ?? "");
      return;
    }
    opened();
    writeContents(this.lines(this.view.book.toc ?? [], 1), this.told.words.without ?? "");
    void new Keeping(this.told, new Source(this.told)).start();
    await this.marks.start();
    const words = wordsAsked();
    if (words) await this.search.look(words);
  }

  private dress(look: Look): void {
    const { renderer } = this.view;
    this.stage.style.background = paperOf(look);
    renderer.setAttribute("flow", look.flow);
    renderer.setAttribute("margin", isNarrow() ? "28px" : "44px");
    renderer.setAttribute("max-inline-size", "680px");
    renderer.setStyles?.(stylesOf(look));
  }

  private listen(): void {
    const deeds: Deeds = {
      before: () => void this.view.prev(),
      after: () => void this.view.next(),
      first: () => void this.view.goToFraction(0),
      last: () => void this.view.goToFraction(1),
      speak: () => {
        this.speaker.toggle();
      },
      "key-bookmark": () => {
        this.marks.bookmark();
      },
      highlight: () => {
        if (!this.selection()) return;
        this.marks.add("highlight", "yellow");
        this.forgetSelection();
      },
      ...panelDeeds(["side", "search", "marks", "look"], () => undefined),
    };
    startButtons(deeds);
    startKeys(deeds);
    startEscape();
    startFinding((asked) => this.search.look(asked), this.hits);
    if (!Speaker.isThere) part("speak")?.remove();
    this.listenToView(deeds);
    const slider = part("fraction");
    slider?.addEventListener("change", () => {
      if (slider instanceof HTMLInputElement) void this.view.goToFraction(Number(slider.value));
    });
  }

  private listenToView(deeds: Deeds): void {
    this.view.addEventListener("relocate", (event) => {
      this.moved((event as CustomEvent<Location>).detail);
    });
    this.view.addEventListener("load", (event) => {
      const { doc } = (event as CustomEvent<{ doc: Document }>).detail;
      startKeys(deeds, doc);
      doc.addEventListener("selectionchange", () => {
        part("highlight")?.toggleAttribute("disabled", !this.selection());
      });
    });
    this.view.addEventListener("create-overlay", () => void this.redraw());
    this.view.addEventListener("draw-annotation", (event) => {
      const { draw, annotation } = (event as Drawing).detail;
      draw(Overlayer.highlight, { color: annotation.colour ?? FOUND });
    });
    this.view.addEventListener("external-link", (event) => {
      event.preventDefault();
      const { href } = (event as CustomEvent<{ href: string }>).detail;
      if (/^https?:/i.test(href)) window.open(href, "_blank", "noopener,noreferrer");
    });
  }

  private moved(location: Location): void {
    const fraction = location.fraction ?? 0;
    const slider = part("fraction");
    if (slider instanceof HTMLInputElement) slider.value = String(fraction);
    const percent = part("percent");
    if (percent) percent.textContent = `${String(Math.round(fraction * 100))} %`;
    if (location.cfi) this.places.keep({ cfi: location.cfi }, fraction, this.labelOf(location));
  }

  private labelOf({ fraction, tocItem, pageItem }: Location): string {
    const page = pageItem?.label
      ? `${this.told.words.page ?? ""} ${afterTheWord(pageItem.label)}`
      : "";
    const chapter = tocItem?.label?.trim() ?? "";
    const percent = `${String(Math.round((fraction ?? 0) * 100))} %`;
    return [page, chapter, percent].filter(Boolean).slice(0, 2).join(" · ").slice(0, 80);
  }

  private here(): { locator: Locator; label: string; quote: string } {
    const location = this.view.lastLocation;
    const selected = this.selection();
    return {
      locator: { cfi: selected?.cfi ?? location?.cfi ?? "" },
      label: location ? this.labelOf(location) : "",
      quote: selected?.text ?? "",
    };
  }

  private selection(): { cfi: string; text: string } | null {
    for (const { doc, index } of this.view.renderer.getContents()) {
      const selected = doc.getSelection();
      if (!selected?.rangeCount || selected.isCollapsed) continue;
      const range = selected.getRangeAt(0);
      const text = range.toString().trim();
      if (text) return { cfi: this.view.getCFI(index, range), text: text.slice(0, 2000) };
    }
    return null;
  }

  private forgetSelection(): void {
    for (const { doc } of this.view.renderer.getContents()) doc.getSelection()?.removeAllRanges();
  }

  /** Draw anew what was found and what is marked, in the chapter that is shown. */
  private async redraw(): Promise<void> {
    const index = this.shownIndex();
    if (index === null) return;
    for (const each of this.drawn) await this.view.deleteAnnotation(each);
    const found = (this.search.found.get(index) ?? []).map((cfi) => ({ value: cfi }));
    const marked = this.places.marks.flatMap((mark) => drawnOf(mark));
    this.drawn = [...found, ...marked];
    for (const each of this.drawn) await this.view.addAnnotation(each);
  }

  private shownIndex(): number | null {
    const renderer = this.view.renderer as View["renderer"] | undefined;
    return renderer?.getContents()[0]?.index ?? null;
  }

  private lines(items: readonly TocItem[], level: number): Line[] {
    return items.flatMap((item) => [
      {
        title: item.label ?? "",
        level,
        open: () => {
          if (item.href) void this.view.goTo(item.href);
          if (isNarrow()) open("side", false);
        },
      },
      ...this.lines(item.subitems ?? [], level + 1),
    ]);
  }

  private chapterOf(index: number): string {
    const id = this.view.book.sections[index]?.id ?? "";
    const items = flat(this.view.book.toc ?? []);
    const found = items.find(({ href }) => (href ?? "").split("#")[0] === id);
    return found?.label?.trim() ?? String(index + 1);
  }
}

function flat(items: readonly TocItem[]): TocItem[] {
  return items.flatMap((item) => [item, ...flat(item.subitems ?? [])]);
}

function drawnOf(mark: Mark): Annotation[] {
  const { cfi } = mark.locator;
  if (mark.kind === "bookmark" || typeof cfi !== "string" || !mark.quote) return [];
  return [{ value: cfi, colour: COLOURS[mark.colour] ?? COLOURS.yellow }];
}
