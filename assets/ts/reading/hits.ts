import { part } from "./data";
import type { Span } from "../folding";

/** Where something was found: what stands around it, and what shows it. */
export interface Hit {
  where: string;
  before: string;
  match: string;
  after: string;
  show: () => void;
}

const AROUND = 40;
const MOST_LISTED = 200;

/** The words around a stretch of the text, cut between words. */
export function around(text: string, span: Span): Pick<Hit, "before" | "match" | "after"> {
  const start = Math.max(0, span.start - AROUND);
  const end = Math.min(text.length, span.end + AROUND);
  const before = text.slice(start, span.start).replace(/\s+/gu, " ");
  const after = text.slice(span.end, end).replace(/\s+/gu, " ");
  return {
    before: start > 0 ? `…${before.replace(/^\S*\s/u, "")}` : before,
    match: text.slice(span.start, span.end).replace(/\s+/gu, " "),
    after: end < text.length ? `${after.replace(/\s\S*$/u, "")}…` : after,
  };
}

/** The list of what was found; one of it is chosen. */
export class Hits {
  private readonly list = part("hits");
  private readonly all: Hit[] = [];
  private chosen = -1;

  constructor(private readonly words: Record<string, string | undefined>) {}

  get count(): number {
    return this.all.length;
  }

  clear(): void {
    this.all.length = 0;
    this.chosen = -1;
    this.list?.replaceChildren();
  }

  add(hit: Hit): void {
    const place = this.all.push(hit) - 1;
    if (place >= MOST_LISTED || !this.list) return;
    const item = document.createElement("li");
    const button = document.createElement("button");
    button.type = "button";
    button.className = "reading-hit";
    const where = document.createElement("span");
    where.className = "muted small";
    where.textContent = hit.where;
    const mark = document.createElement("mark");
    mark.textContent = hit.match;
    const words = document.createElement("span");
    words.append(hit.before, mark, hit.after);
    button.append(where, words);
    button.addEventListener("click", () => {
      this.choose(place);
    });
    item.append(button);
    this.list.append(item);
  }

  /** Choose the first that stands at this place of the list or after it. */
  begin(place: number): void {
    if (this.all.length) this.choose(place < this.all.length ? place : 0);
  }

  step(by: 1 | -1): void {
    if (this.all.length === 0) return;
    this.choose((this.chosen + by + this.all.length) % this.all.length);
  }

  /** Say how many there are, and which one is shown. */
  say(isDone: boolean): void {
    const place = part("found");
    if (!place) return;
    if (!isDone) place.textContent = this.words.searching ?? "";
    else if (this.all.length === 0) place.textContent = this.words.nothing ?? "";
    else
      place.textContent = (this.words.found ?? "")
        .replace("{place}", String(this.chosen + 1))
        .replace("{count}", String(this.all.length));
  }

  private choose(place: number): void {
    this.chosen = place;
    this.list?.querySelector("[aria-current]")?.removeAttribute("aria-current");
    const button = this.list?.children[place]?.querySelector("button");
    button?.setAttribute("aria-current", "true");
    button?.scrollIntoView({ block: "nearest" });
    this.all[place]?.show();
    this.say(true);
  }
}

/** The words that the address asks for: whoever comes from a result wants to see them. */
export function wordsAsked(): string {
  const words = new URLSearchParams(location.search).get("q") ?? "";
  const input = part("find")?.querySelector("input");
  if (input) input.value = words;
  return words;
}

/** The form that asks: what is typed is looked for, Enter goes on to the next. */
export function startFinding(look: (asked: string) => Promise<void>, hits: Hits): void {
  const form = part("find");
  const input = form?.querySelector("input");
  if (!form || !input) return;
  let asked = "";
  let pending: ReturnType<typeof setTimeout> | undefined;
  const begin = async (): Promise<void> => {
    if (input.value === asked) return;
    asked = input.value;
    await look(asked);
  };
  input.addEventListener("input", () => {
    clearTimeout(pending);
    pending = setTimeout(() => void begin(), 350);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(pending);
    if (input.value === asked) hits.step(1);
    else void begin();
  });
  part("found-before")?.addEventListener("click", () => {
    hits.step(-1);
  });
}
