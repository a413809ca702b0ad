import { part } from "./data";
import { offer } from "./offer";
import type { Locator, Mark, Places } from "./places";
import { newName } from "./places";

/** What the panel asks of the reader beside it. */
export interface Beside {
  go: (locator: Locator) => void;
  /** Where the reader is, and the words that are selected there. */
  here: () => { locator: Locator; label: string; quote: string };
  /** The address of a small picture of what is marked, where there are no words to tell it by. */
  picture?: (mark: Mark) => string;
  /** The marks have changed: draw them. */
  changed: (marks: readonly Mark[]) => void;
}

export const COLOURS = ["yellow", "green", "blue", "red"] as const;

export type Words = Record<string, string | undefined>;

/** The panel of bookmarks, highlights and notes, and the offer to go on from another device. */
export class Marks {
  private readonly list = part("marks-list");

  constructor(
    private readonly places: Places,
    private readonly title: string,
    private readonly words: Words,
    private readonly beside: Beside,
  ) {
    part("bookmark")?.addEventListener("click", () => {
      this.bookmark();
    });
    part("note")?.addEventListener("click", () => {
      this.focus(this.add("note"));
    });
    part("marks-save")?.addEventListener("click", () => {
      this.save();
    });
  }

  /** Show what is known here, then ask the card. */
  async start(): Promise<void> {
    this.draw();
    const elsewhere = await this.places.meet();
    this.draw();
    if (elsewhere && !isSame(elsewhere.locator, this.beside.here().locator))
      offer(elsewhere, this.words.goOn ?? "", this.beside.go);
  }

  /** Leave a mark where the reader is; return its name. */
  add(kind: Mark["kind"], colour = ""): string {
    const uid = newName();
    this.places.put({ uid, kind, ...this.beside.here(), note: "", colour, at: Date.now() });
    this.draw();
    return uid;
  }

  /** Leave a bookmark; where one is already, show that instead of a second. */
  bookmark(): void {
    const { locator } = this.beside.here();
    const here = this.places.marks.find(
      (mark) => mark.kind === "bookmark" && isSame(mark.locator, locator),
    );
    const uid = here?.uid ?? this.add("bookmark");
    this.entryOf(uid)?.scrollIntoView({ block: "nearest" });
    this.say(`${this.words.bookmark ?? ""}: ${this.beside.here().label}`);
  }

  /** Bring a mark of the list into sight, to be read and changed. */
  focus(uid: string): void {
    this.entryOf(uid)?.querySelector("textarea")?.focus();
  }

  private entryOf(uid: string): HTMLElement | null {
    return this.list?.querySelector<HTMLElement>(`[data-uid="${uid}"]`) ?? null;
  }

  private say(words: string): void {
    const said = part("said");
    if (said) said.textContent = words;
  }

  private draw(): void {
    const marks = [...this.places.marks].sort((one, other) => one.at - other.at);
    this.list?.replaceChildren(...marks.map((mark) => this.entry(mark)));
    part("marks-none")?.toggleAttribute("hidden", marks.length > 0);
    part("marks-save")?.toggleAttribute("hidden", marks.length === 0);
    part("marks-here")?.toggleAttribute("hidden", this.places.keeps);
    this.beside.changed(marks);
  }

  private entry(mark: Mark): HTMLLIElement {
    const item = document.createElement("li");
    item.className = "reading-mark";
    item.dataset.uid = mark.uid;
    const link = button("reading-hit", () => {
      this.beside.go(mark.locator);
    });
    link.append(words("muted small", `${this.words[mark.kind] ?? ""} · ${mark.label}`));
    if (mark.quote) link.append(words("reading-quote", mark.quote));
    else link.append(...this.pictured(mark));
    const note = document.createElement("textarea");
    note.rows = 2;
    note.maxLength = 5000;
    note.value = mark.note;
    note.placeholder = this.words.writeNote ?? "";
    note.setAttribute("aria-label", this.words.note ?? "");
    note.addEventListener("change", () => {
      const now = this.places.marks.find(({ uid }) => uid === mark.uid) ?? mark;
      this.places.put({ ...now, note: note.value, at: Date.now() });
    });
    const remove = button("btn btn-quiet btn-small", () => {
      this.places.remove(mark.uid);
      this.draw();
    });
    remove.textContent = this.words.remove ?? "";
    const deeds = document.createElement("div");
    deeds.className = "reading-mark-deeds";
    if (mark.kind === "highlight") deeds.append(this.colours(mark));
    deeds.append(remove);
    item.append(link, note, deeds);
    return item;
  }

  private pictured(mark: Mark): HTMLImageElement[] {
    const address = this.beside.picture?.(mark);
    if (!address) return [];
    const image = new Image();
    image.src = address;
    image.alt = "";
    image.loading = "lazy";
    image.className = "reading-mark-picture";
    return [image];
  }

  /** The colours of a highlight, one of them chosen. */
  private colours(mark: Mark): HTMLDivElement {
    const group = document.createElement("div");
    group.className = "reading-inks";
    group.setAttribute("role", "group");
    group.setAttribute("aria-label", this.words.colour ?? "");
    for (const colour of COLOURS) {
      const choice = button(`reading-ink reading-ink-${colour}`, () => {
        const now = this.places.marks.find(({ uid }) => uid === mark.uid) ?? mark;
        this.places.put({ ...now, colour, at: Date.now() });
        this.draw();
        this.entryOf(mark.uid)
          ?.querySelector<HTMLElement>(".reading-ink[aria-pressed=true]")
          ?.focus();
      });
      choice.setAttribute("aria-label", this.words[colour] ?? colour);
      choice.setAttribute("aria-pressed", String((mark.colour || COLOURS[0]) === colour));
      group.append(choice);
    }
    return group;
  }

  /** Hand the marks out as a text that any program reads. */
  private save(): void {
    const lines = this.places.marks.flatMap((mark) => [
      `## ${this.words[mark.kind] ?? ""}: ${mark.label}`,
      ...(mark.quote ? [`> ${mark.quote.replace(/\s+/gu, " ")}`] : []),
      ...(mark.note ? [mark.note] : []),
      "",
    ]);
    const text = [`# ${this.title}`, "", ...lines].join("\n");
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: "text/markdown" }));
    link.download = "ghi-chu.md";
    link.click();
    URL.revokeObjectURL(link.href);
  }
}

function isSame(one: Locator, other: Locator): boolean {
  return Object.keys({ ...one, ...other }).every((key) => one[key] === other[key]);
}

function button(className: string, press: () => void): HTMLButtonElement {
  const made = document.createElement("button");
  made.type = "button";
  made.className = className;
  made.addEventListener("click", press);
  return made;
}

function words(className: string, text: string): HTMLSpanElement {
  const made = document.createElement("span");
  made.className = className;
  made.textContent = text;
  return made;
}
