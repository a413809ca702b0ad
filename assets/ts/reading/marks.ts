import { part } from "./data";
import { offer } from "./offer";
import type { Locator, Mark, Places } from "./places";
import { newName } from "./places";

/** What the panel asks of the reader beside it. */
export interface Beside {
  go: (locator: Locator) => void;
  /** Where the reader is, and the words that are selected there. */
  here: () => { locator: Locator; label: string; quote: string };
  /** The marks have changed: draw them. */
  changed: (marks: readonly Mark[]) => void;
}

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
      this.add("bookmark");
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
    if (elsewhere) offer(elsewhere, this.words.goOn ?? "", this.beside.go);
  }

  /** Leave a mark where the reader is; return its name. */
  add(kind: Mark["kind"], colour = ""): string {
    const uid = newName();
    this.places.put({ uid, kind, ...this.beside.here(), note: "", colour, at: Date.now() });
    this.draw();
    return uid;
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
    const note = document.createElement("textarea");
    note.rows = 2;
    note.maxLength = 5000;
    note.value = mark.note;
    note.placeholder = this.words.writeNote ?? "";
    note.setAttribute("aria-label", this.words.note ?? "");
    note.addEventListener("change", () => {
      this.places.put({ ...mark, note: note.value, at: Date.now() });
    });
    const remove = button("btn btn-quiet btn-small", () => {
      this.places.remove(mark.uid);
      this.draw();
    });
    remove.textContent = this.words.remove ?? "";
    item.append(link, note, remove);
    return item;
  }

  private focus(uid: string): void {
    this.list?.querySelector<HTMLElement>(`[data-uid="${uid}"] textarea`)?.focus();
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
