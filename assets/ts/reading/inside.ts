import { on } from "../dom";
import { toast } from "../toast";
import { Alone, listed } from "./alone";
import type { Page, Reading } from "./data";
import { addressOf, pageName, part } from "./data";
import type { Deeds } from "./deeds";
import type { PageWords } from "./layer";
import { Layer } from "./layer";
import type { View } from "./view";

type End = "first" | "last";

/** The search inside the object: the list of hits, their marks on the pages, the words of pages. */
export class Inside {
  private readonly form = part("search") as HTMLFormElement | null;
  private readonly told = new Map<string, Promise<PageWords>>();
  /** The words over the pages on the screen. */
  layers: (Layer | null)[] = [];
  private shown: Page[] = [];
  private q: string;
  private hit = 0;
  private end: End = "first";
  /** What answers without a line; nothing while the library does. */
  private alone: Alone | null = null;

  constructor(
    private readonly reading: Reading,
    private readonly view: View,
    private readonly go: (place: number) => void,
    private readonly open: () => void,
  ) {
    this.q = this.input?.value.trim() ?? "";
  }

  start(): void {
    this.form?.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.ask();
    });
    on("click", ".reading-hits a", (link, event) => {
      event.preventDefault();
      this.end = "first";
      this.to(link.dataset.page ?? "");
    });
    on("click", "[data-reading=more]", (link, event) => {
      event.preventDefault();
      void this.list(link.getAttribute("href") ?? "");
    });
    this.offer();
  }

  get deeds(): Deeds {
    if (!this.form) return {};
    return {
      find: () => {
        this.open();
        this.input?.select();
      },
      select: () => {
        const selecting = document.body.classList.toggle("reading-selecting");
        part("select")?.setAttribute("aria-pressed", String(selecting));
      },
      "hit-before": () => {
        this.step(-1);
      },
      "hit-after": () => {
        this.step(1);
      },
    };
  }

  /** What an address must say so that the same words are marked there. */
  get question(): string {
    return this.q ? `?${new URLSearchParams({ q: this.q }).toString()}` : "";
  }

  /** These pages are on the screen now: lay their words over them, and mark what was found. */
  async draw(pages: Page[]): Promise<void> {
    this.shown = pages;
    if (!this.form) return;
    const words = await Promise.all(pages.map((page) => this.wordsOf(page)));
    if (this.shown !== pages) return;
    for (const layer of this.layers) if (layer) this.view.lift(layer.element);
    this.layers = words.map((each, place) => this.lay(pages[place], each, place));
    this.write(words);
    if (this.hits.length) this.point(this.end === "first" ? 0 : this.hits.length - 1);
    this.end = "first";
  }

  private get input(): HTMLInputElement | null {
    return this.form?.querySelector("input") ?? null;
  }

  private get hits(): [layer: Layer, number: number, place: number][] {
    return this.layers.flatMap((layer, place) =>
      (layer?.hits ?? []).map((_, number): [Layer, number, number] => [
        layer as Layer,
        number,
        place,
      ]),
    );
  }

  private async ask(): Promise<void> {
    this.q = this.input?.value.trim() ?? "";
    this.told.clear();
    await this.list(this.question);
    const pages = this.listed();
    const isHere = this.shown.some((page) => pages.includes(page[0]));
    if (pages[0] && !isHere) this.to(pages[0]);
    else void this.draw([...this.shown]);
  }

  private async list(question: string): Promise<void> {
    const place = part("found");
    if (!place || !this.form) return;
    const answer = await fetch((this.form.dataset.search ?? "") + question, {
      credentials: "same-origin",
    }).catch(() => null);
    this.alone = answer ? null : new Alone(this.q);
    if (this.alone) await this.listKept(place, this.alone);
    if (!answer?.ok) return;
    place.replaceChildren(document.createRange().createContextualFragment(await answer.text()));
    this.offer();
  }

  /** Without a line: what is kept of the pages is searched here. */
  private async listKept(place: HTMLElement, alone: Alone): Promise<void> {
    const { pages, words } = this.reading;
    const found = await alone.pages(
      pages.map(([name]) => name),
      (name) => this.fetched(this.textOf(name)),
    );
    if (alone.isEmpty) {
      toast(words.needsLine ?? "", "stop");
      return;
    }
    const said = (words.foundAlone ?? "").replace("{count}", String(found.length));
    place.replaceChildren(
      listed(found, said, (name) => {
        const page = pages.find((each) => each[0] === name);
        if (!page) return { label: words.page, address: "" };
        const address = addressOf(this.reading, page) + this.question;
        return { label: pageName(this.reading, page), address };
      }),
    );
    this.offer();
  }

  private offer(): void {
    const steps = part("step");
    if (steps) steps.hidden = this.listed().length === 0;
  }

  /** The pages with hits, by name, as the list has them. */
  private listed(): string[] {
    const links = document.querySelectorAll<HTMLElement>(".reading-hits a");
    return [...links].map((link) => link.dataset.page ?? "");
  }

  private to(name: string): void {
    const place = this.reading.pages.findIndex((page) => page[0] === name);
    if (this.shown.some((page) => page[0] === name)) void this.draw([...this.shown]);
    else if (place >= 0) this.go(place);
  }

  private step(by: 1 | -1): void {
    const next = this.hit + by;
    if (next >= 0 && next < this.hits.length) {
      this.point(next);
      return;
    }
    const pages = this.listed();
    const here = this.shown.map((page) => pages.indexOf(page[0])).filter((at) => at >= 0);
    const at = by === 1 ? Math.max(-1, ...here) + 1 : Math.min(pages.length, ...here) - 1;
    const name = pages[at];
    if (name === undefined) return;
    this.end = by === 1 ? "first" : "last";
    this.to(name);
  }

  private point(number: number): void {
    const { hits } = this;
    this.hit = number;
    for (const layer of this.layers) layer?.point(-1);
    const found = hits[number];
    if (!found) return;
    const [layer, each, place] = found;
    layer.point(each);
    const region = layer.hits[each];
    if (region) this.view.look(place, region);
    const said = part("said");
    const pattern = this.form?.dataset.said ?? "";
    if (said) {
      said.textContent = pattern
        .replace("{hit}", String(number + 1))
        .replace("{count}", String(hits.length));
    }
  }

  private lay(page: Page | undefined, words: PageWords, place: number): Layer | null {
    if (!page) return null;
    const layer = new Layer(words, page[2], page[3]);
    this.view.lay(place, layer.element);
    return layer;
  }

  /** Write the words of the first page where they can be read alone. */
  private write(words: PageWords[]): void {
    const place = part("plain");
    const lines = words.flatMap((each) => each.lines);
    if (place)
      place.textContent = lines.map((line) => line.map(([word]) => word).join(" ")).join("\n");
  }

  private wordsOf(page: Page): Promise<PageWords> {
    const known = this.told.get(page[0]);
    if (known) return known;
    const { alone } = this;
    const told = this.fetched(this.textOf(page[0]) + this.question);
    const asked = told.then((words) => (alone ? alone.marked(words) : words));
    this.told.set(page[0], asked);
    return asked;
  }

  private textOf(name: string): string {
    return `${this.form?.dataset.text ?? ""}${name}`;
  }

  private fetched(address: string): Promise<PageWords> {
    return fetch(address, { credentials: "same-origin" })
      .then((answer) => (answer.ok ? (answer.json() as Promise<PageWords>) : NO_WORDS))
      .catch(() => NO_WORDS);
  }
}

const NO_WORDS: PageWords = { lines: [], marks: [] };
