import { part } from "../data";
import { fetched, Keeping } from "../keeping";
import { Marks } from "../marks";
import { type Locator, Places } from "../places";
import type { Lines } from "./lines";
import type { Told } from "./told";

const SAVED_EVERY = 5000;
/** The beginning, and the end, are no places to go back to: this many seconds, or this share. */
const EDGE = 10;
const EDGE_SHARE = 0.05;

/** Where somebody is in the recordings, and what they marked: on the card, or in this browser. */
export class Placing {
  private readonly places: Places;
  private readonly marks: Marks;

  constructor(
    private readonly told: Told,
    private readonly media: HTMLMediaElement,
    private readonly lines: Lines,
    private readonly go: (seconds: number) => void,
  ) {
    this.places = new Places(told.places);
    this.marks = new Marks(this.places, told.title, told.words, {
      go: (locator) => {
        this.goTo(locator);
      },
      here: () => this.here(),
      changed: () => undefined,
    });
  }

  async start(): Promise<void> {
    if (!this.begin()) return;
    this.media.addEventListener("pause", () => {
      this.save();
    });
    window.setInterval(() => {
      if (!this.media.paused) this.save();
    }, SAVED_EVERY);
    window.addEventListener("pagehide", () => {
      if (!this.media.paused) this.save();
    });
    void new Keeping(this.told, this).start();
    await this.marks.start();
  }

  /** What is kept to listen without a line: the page of each recording, and its files. */
  async *contents(): AsyncGenerator<[string, Response]> {
    for (const [kept, address] of this.told.files) yield [kept, await fetched(address)];
    for (const [number] of this.told.recordings) {
      const page = `${this.told.home}?part=${String(number)}`;
      yield [page, await fetched(page)];
    }
  }

  /** Begin where the address says, else where this browser stopped; false when that is elsewhere. */
  private begin(): boolean {
    const asked = new URLSearchParams(window.location.search);
    const seconds = secondsOf(asked.get("t"));
    if (seconds !== null) this.go(seconds);
    if (seconds !== null) return true;
    const left = this.places.place?.locator;
    if (!left) return true;
    if (left.part === this.told.part) this.go(Number(left.seconds));
    else if (!asked.has("part") && this.told.recordings.some(([number]) => number === left.part)) {
      window.location.replace(this.addressOf(left));
      return false;
    }
    return true;
  }

  private goTo(locator: Locator): void {
    if (locator.part === this.told.part) this.go(Number(locator.seconds));
    else window.location.assign(this.addressOf(locator));
  }

  private addressOf(locator: Locator): string {
    return `${this.told.home}?part=${String(locator.part)}&t=${String(locator.seconds)}`;
  }

  private save(): void {
    const { currentTime, duration } = this.media;
    if (!duration || currentTime < Math.min(EDGE, duration * EDGE_SHARE)) return;
    const isDone = currentTime > duration - Math.min(EDGE, duration * EDGE_SHARE);
    const { locator, label } = this.here();
    const next = isDone ? this.after() : locator;
    this.places.keep(next, this.progress(isDone ? duration : currentTime), label);
  }

  /** Who heard it to the end goes on with the next recording, or begins anew. */
  private after(): Locator {
    const numbers = this.told.recordings.map(([number]) => number);
    const next = numbers[numbers.indexOf(this.told.part) + 1] ?? numbers[0] ?? 1;
    return { part: next, seconds: 0 };
  }

  private progress(seconds: number): number {
    let before = 0;
    let whole = 0;
    for (const [number, , length] of this.told.recordings) {
      if (number < this.told.part) before += length;
      whole += length;
    }
    return whole ? Math.min((before + seconds) / whole, 1) : 0;
  }

  private here(): { locator: Locator; label: string; quote: string } {
    const now = this.media.currentTime;
    const title = this.told.recordings.find(([number]) => number === this.told.part)?.[1] ?? "";
    const moment = clock(now);
    return {
      locator: { part: this.told.part, seconds: Math.floor(now) },
      label: this.told.recordings.length > 1 ? `${title.slice(0, 60)} · ${moment}` : moment,
      quote: this.lines.wordsAt(now),
    };
  }
}

/** Let the address that is cited be that of this moment. */
export function tellAddress(number: number, now: number): void {
  const link = document.querySelector<HTMLAnchorElement>("#quote-link");
  if (!link) return;
  const address = new URL(link.href);
  address.searchParams.set("part", String(number));
  address.searchParams.set("t", String(Math.floor(now)));
  link.href = address.href;
  link.textContent = address.href;
  const said = part("moment");
  if (said) said.textContent = clock(now);
}

function clock(seconds: number): string {
  const whole = Math.floor(seconds);
  const [hours, minutes, rest] = [
    Math.floor(whole / 3600),
    Math.floor(whole / 60) % 60,
    whole % 60,
  ];
  const two = (count: number): string => String(count).padStart(2, "0");
  return hours
    ? `${String(hours)}:${two(minutes)}:${two(rest)}`
    : `${String(minutes)}:${two(rest)}`;
}

function secondsOf(text: string | null): number | null {
  const seconds = Number(text ?? "");
  return text && Number.isFinite(seconds) && seconds >= 0 ? seconds : null;
}
