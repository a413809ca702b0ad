import { isNarrow } from "./panels";

/** A place in a document, in the words of its reader: a page, a CFI, a second. */
export type Locator = Record<string, string | number | number[] | null>;

export interface Kept {
  locator: Locator;
  progress: number;
  label: string;
  device: string;
  at: number;
}

export interface Mark {
  uid: string;
  kind: "bookmark" | "highlight" | "note";
  locator: Locator;
  label: string;
  quote: string;
  note: string;
  colour: string;
  at: number;
}

/** What the server tells of where places are kept; `reading/documents.py` writes it. */
export interface PlacesTold {
  object: string;
  place: string;
  marks: string;
  /** A name for the reader that says nothing; empty for a guest. */
  reader: string;
  phone: string;
  computer: string;
}

interface Waiting {
  address: string;
  method: "PUT" | "DELETE";
  body?: Kept | Mark;
}

interface Local {
  place: Kept | null;
  marks: Mark[];
  waiting: Waiting[];
}

const PREFIX = "reading:";
const GUEST = "guest";
const SOON = 1500;
const SELDOM = 60_000;
// Logged out, a worn token, too much at once: the card may take it another time.
const NOT_NOW = [401, 403, 408, 429];

/**
 * Where the reader is in a document, and what they marked. On the card of who wants it, and so on
 * every device; else in this browser alone. What is done without a line is sent later: when it is
 * back, when the reader looks at the page again, and else tried again and again, ever more seldom.
 */
export class Places {
  /** Whether the card keeps them. */
  keeps = false;
  private csrf = "";
  private local: Local;
  private readonly key: string;
  private readonly device: string;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private pause = SOON;
  private work: Promise<void> = Promise.resolve();

  constructor(private readonly told: PlacesTold) {
    this.device = isNarrow() ? told.phone : told.computer;
    this.key = `${PREFIX}${told.reader || GUEST}:${told.object}`;
    forgetOthers(told.reader || GUEST);
    this.local = this.read();
    window.addEventListener("online", () => {
      this.meetAtOnce();
    });
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible" && this.local.waiting.length) this.meetAtOnce();
    });
    window.addEventListener("pagehide", () => {
      this.send();
    });
  }

  get isReader(): boolean {
    return this.told.reader !== "";
  }

  /** The place that this browser knows. */
  get place(): Kept | null {
    return this.local.place;
  }

  get marks(): readonly Mark[] {
    return this.local.marks;
  }

  /** Ask the card; return the place where the reader was last on another device, if it is newer. */
  async meet(): Promise<Kept | null> {
    if (!this.isReader) return null;
    try {
      const answer = await fetch(this.told.place, { credentials: "same-origin" });
      if (!answer.ok) {
        if (isForLater(answer.status)) this.later();
        return null;
      }
      const met = (await answer.json()) as { keeps: boolean; csrf: string; place: Kept | null };
      this.keeps = met.keeps;
      this.csrf = met.csrf;
      clearTimeout(this.retry);
      if (!met.keeps) return null;
      await this.sent();
      await this.meetMarks();
      return this.newer(met.place);
    } catch {
      // No line: what this browser knows counts until there is one.
      this.keeps = this.local.waiting.length > 0;
      this.later();
      return null;
    }
  }

  /** Note where the reader is; the card hears of it when they stay. */
  keep(locator: Locator, progress: number, label: string): void {
    const kept = { locator, progress, label, device: this.device, at: Date.now() };
    this.local.place = kept;
    this.wait({ address: this.told.place, method: "PUT", body: kept });
  }

  put(mark: Mark): void {
    const marks = this.local.marks.filter(({ uid }) => uid !== mark.uid);
    this.local.marks = [...marks, mark];
    this.wait({ address: `${this.told.marks}/${mark.uid}`, method: "PUT", body: mark });
  }

  remove(uid: string): void {
    this.local.marks = this.local.marks.filter((mark) => mark.uid !== uid);
    this.wait({ address: `${this.told.marks}/${uid}`, method: "DELETE" });
  }

  private meetAtOnce(): void {
    this.pause = SOON;
    void this.meet();
  }

  /** The line may be told of before it carries anything: one failed try is not the last. */
  private later(): void {
    clearTimeout(this.retry);
    this.retry = setTimeout(() => {
      void this.meet();
    }, this.pause);
    this.pause = Math.min(this.pause * 2, SELDOM);
  }

  private newer(place: Kept | null): Kept | null {
    if (!place || (this.local.place && this.local.place.at >= place.at)) return null;
    const isElsewhere = place.device !== this.device || this.local.place === null;
    return isElsewhere ? place : null;
  }

  private async meetMarks(): Promise<void> {
    const answer = await fetch(this.told.marks, { credentials: "same-origin" });
    if (!answer.ok) return;
    const { marks } = (await answer.json()) as { marks: Mark[] };
    // What the card has not heard of yet is newer than what it tells.
    const mine = this.local.waiting.flatMap(({ body }) => (body && "uid" in body ? [body] : []));
    const waiting = new Set(this.local.waiting.map(({ address }) => address));
    const theirs = marks.filter(({ uid }) => !waiting.has(`${this.told.marks}/${uid}`));
    this.local.marks = [...theirs, ...mine];
    this.write();
  }

  private wait(deed: Waiting): void {
    // Of a place and of a mark only the last word is worth sending.
    const others = this.local.waiting.filter(({ address }) => address !== deed.address);
    this.local.waiting = this.isReader ? [...others, deed] : [];
    this.write();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.send();
    }, SOON);
  }

  private send(): void {
    this.work = this.work
      .then(() => this.sent())
      .catch(() => {
        this.later();
      });
  }

  private async sent(): Promise<void> {
    if (!this.keeps || !this.csrf) return;
    for (const deed of [...this.local.waiting]) {
      const answer = await fetch(deed.address, {
        method: deed.method,
        credentials: "same-origin",
        keepalive: true,
        headers: { "Content-Type": "application/json", "X-CSRFToken": this.csrf },
        body: deed.body ? JSON.stringify(deed.body) : undefined,
      });
      if (isForLater(answer.status)) {
        this.later();
        return;
      }
      // Anything else that the card does not take now it will not take later.
      this.local.waiting = this.local.waiting.filter((each) => each !== deed);
      this.write();
    }
    this.pause = SOON;
  }

  private read(): Local {
    const nothing: Local = { place: null, marks: [], waiting: [] };
    try {
      const text = localStorage.getItem(this.key);
      return text ? { ...nothing, ...(JSON.parse(text) as Partial<Local>) } : nothing;
    } catch {
      return nothing;
    }
  }

  private write(): void {
    try {
      localStorage.setItem(this.key, JSON.stringify(this.local));
    } catch {
      return;
    }
  }
}

function isForLater(status: number): boolean {
  return status >= 500 || NOT_NOW.includes(status);
}

/** On a computer that several share, what one reader left is gone when the next one reads. */
function forgetOthers(reader: string): void {
  try {
    for (const key of Object.keys(localStorage)) {
      const isOurs = key.startsWith(`${PREFIX}${reader}:`) || key.startsWith(`${PREFIX}${GUEST}:`);
      if (key.startsWith(PREFIX) && !isOurs) localStorage.removeItem(key);
    }
  } catch {
    return;
  }
}

/** A name for a new mark. */
export function newName(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20),
  ].join("-");
}
