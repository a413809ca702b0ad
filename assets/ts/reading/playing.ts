/** Listening and watching: the words follow the recording, and a press on them leads to it. */
import { recall, remember } from "../dom";
import { occurrences } from "../folding";

const STEP = 5;
/** Seconds of the place that are not worth going back to: the beginning, and the very end. */
const EDGES = 10;
const SAVED_EVERY = 5000;

export function startPlayer(): void {
  const frame = document.querySelector<HTMLElement>("[data-player]");
  const media = frame?.querySelector<HTMLMediaElement>("[data-player-media]");
  if (frame && media) new Player(frame, media).start();
}

interface Timed {
  element: HTMLElement;
  at: number;
  until: number;
}

class Player {
  private readonly lines: Timed[];
  private readonly chapters: Timed[];
  private readonly place = `playing:${window.location.pathname}:${partOf()}`;
  private found: HTMLElement[] = [];
  private next = 0;

  constructor(
    private readonly frame: HTMLElement,
    private readonly media: HTMLMediaElement,
  ) {
    const timed = [...frame.querySelectorAll<HTMLElement>("[data-player-at]")].map(timedOf);
    this.lines = timed.filter(({ element }) => element.hasAttribute("data-player-line"));
    this.chapters = timed.filter(({ element }) => !element.hasAttribute("data-player-line"));
  }

  start(): void {
    this.begin();
    this.media.addEventListener("timeupdate", () => {
      this.follow();
    });
    this.media.addEventListener("seeked", () => {
      this.follow();
    });
    this.media.addEventListener("pause", () => {
      this.save();
    });
    window.setInterval(() => {
      if (!this.media.paused) this.save();
    }, SAVED_EVERY);
    window.addEventListener("pagehide", () => {
      this.save();
    });
    this.media.querySelector("source:last-of-type")?.addEventListener("error", () => {
      this.lose();
    });
    this.media.addEventListener("error", () => {
      this.lose();
    });
    this.listen();
    this.search();
    this.introduce();
  }

  /** Begin where the address says, else where this browser stopped the last time. */
  private begin(): void {
    const asked = secondsOf(new URLSearchParams(window.location.search).get("t"));
    const left = secondsOf(recall(this.place));
    const at = asked ?? left ?? 0;
    if (at > 0) this.go(at);
  }

  private go(seconds: number): void {
    const set = (): void => {
      this.media.currentTime = Math.max(0, seconds);
    };
    if (this.media.readyState >= HTMLMediaElement.HAVE_METADATA) set();
    else {
      this.media.addEventListener("loadedmetadata", set, { once: true });
      this.media.load();
    }
  }

  private save(): void {
    const { currentTime, duration } = this.media;
    const isEdge = currentTime < EDGES || currentTime > duration - EDGES;
    remember(this.place, isEdge ? null : String(Math.floor(currentTime)));
  }

  private follow(): void {
    const now = this.media.currentTime;
    point(this.chapters, now);
    const line = point(this.lines, now);
    if (line && !this.media.paused) keepInSight(line);
    this.tellAddress(now);
  }

  /** Let the address that is cited be that of this moment. */
  private tellAddress(now: number): void {
    const link = document.querySelector<HTMLAnchorElement>("#quote-link");
    if (!link) return;
    const address = new URL(link.href);
    address.searchParams.set("part", partOf());
    address.searchParams.set("t", String(Math.floor(now)));
    link.href = address.href;
    link.textContent = address.href;
  }

  private listen(): void {
    this.frame.addEventListener("click", (event) => {
      const pressed = event.target instanceof Element ? event.target : null;
      const step = pressed?.closest<HTMLElement>("[data-player-step]");
      if (step) this.go(this.media.currentTime + Number(step.dataset.playerStep));
      const timed = pressed?.closest<HTMLElement>("[data-player-at]");
      if (!timed || !pressed?.closest("a")) return;
      event.preventDefault();
      this.go(Number(timed.dataset.playerAt));
      void this.media.play().catch(() => undefined);
    });
    const speed = this.frame.querySelector<HTMLSelectElement>("[data-player-speed]");
    speed?.addEventListener("change", () => {
      this.media.playbackRate = Number(speed.value);
    });
    document.addEventListener("keydown", (event) => {
      this.press(event);
    });
  }

  private press(event: KeyboardEvent): void {
    const target = event.target instanceof Element ? event.target : null;
    const isElsewhere = target?.closest("input, select, textarea, button, a, audio, video, dialog");
    if (isElsewhere || event.ctrlKey || event.altKey || event.metaKey) return;
    const deed = this.keys()[event.key];
    if (!deed) return;
    event.preventDefault();
    deed();
  }

  private keys(): Record<string, (() => void) | undefined> {
    const turn = (): void => {
      if (this.media.paused) void this.media.play().catch(() => undefined);
      else this.media.pause();
    };
    const step = (seconds: number) => (): void => {
      this.go(this.media.currentTime + seconds);
    };
    return { " ": turn, k: turn, ArrowLeft: step(-STEP), ArrowRight: step(STEP) };
  }

  /** Find words as the catalogue does: "dat do" finds "đất đỏ". */
  private search(): void {
    const form = this.frame.querySelector<HTMLFormElement>("[data-player-find]");
    const box = form?.querySelector("input");
    if (!form || !box) return;
    box.addEventListener("input", () => {
      this.mark(box.value);
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.step();
    });
    const asked = new URLSearchParams(window.location.search).get("q") ?? "";
    if (asked) {
      box.value = asked;
      this.mark(asked);
    }
  }

  private mark(asked: string): void {
    for (const line of this.found) line.classList.remove("is-found");
    this.next = 0;
    this.found = asked.trim()
      ? this.lines
          .map(({ element }) => element)
          .filter((element) =>
            [...element.querySelectorAll("p")].some(
              (words) => occurrences(words.innerText, asked).length > 0,
            ),
          )
      : [];
    for (const line of this.found) line.classList.add("is-found");
    const said = this.frame.querySelector<HTMLElement>("[data-player-found]");
    if (said) said.textContent = asked.trim() ? String(this.found.length) : "";
    if (this.found[0]) keepInSight(this.found[0]);
  }

  private step(): void {
    const line = this.found[this.next];
    if (!line) return;
    this.next = (this.next + 1) % this.found.length;
    keepInSight(line);
    this.go(Number(line.dataset.playerAt));
  }

  /** Tell the phone's lock screen what is playing. */
  private introduce(): void {
    if (!("mediaSession" in navigator)) return;
    const data = JSON.parse(document.querySelector("#player-data")?.textContent ?? "{}") as {
      title?: string;
      library?: string;
    };
    navigator.mediaSession.metadata = new MediaMetadata({
      title: data.title ?? "",
      artist: data.library ?? "",
    });
  }

  private lose(): void {
    this.save();
    this.frame.querySelector("[data-player-lost]")?.removeAttribute("hidden");
  }
}

function timedOf(element: HTMLElement): Timed {
  const { playerAt, playerUntil } = element.dataset;
  return { element, at: Number(playerAt), until: Number(playerUntil) };
}

function point(timed: Timed[], now: number): HTMLElement | null {
  let current: HTMLElement | null = null;
  for (const { element, at, until } of timed) {
    const isNow = now >= at && now < until;
    if (isNow) {
      element.setAttribute("aria-current", "true");
      current = element;
    } else element.removeAttribute("aria-current");
  }
  return current;
}

function keepInSight(line: HTMLElement): void {
  const list = line.closest<HTMLElement>(".player-lines");
  if (!list) return;
  const top = line.offsetTop - list.offsetTop;
  const isSeen =
    top >= list.scrollTop && top + line.offsetHeight <= list.scrollTop + list.clientHeight;
  if (!isSeen) list.scrollTo({ top: top - list.clientHeight / 3 });
}

function partOf(): string {
  return new URLSearchParams(window.location.search).get("part") ?? "1";
}

function secondsOf(text: string | null): number | null {
  const seconds = Number(text ?? "");
  return text && Number.isFinite(seconds) && seconds >= 0 ? seconds : null;
}
