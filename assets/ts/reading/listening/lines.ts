/** Something of the page that belongs to a span of the recording: a line, a chapter. */
export interface Timed {
  element: HTMLElement;
  at: number;
  until: number;
}

/** After somebody looked elsewhere in the words, they are left alone for this long. */
const LEFT_ALONE = 6000;

/** The lines and chapters of a recording, in step with it. */
export class Lines {
  readonly lines: Timed[];
  readonly chapters: Timed[];
  private looked = 0;

  constructor(frame: HTMLElement) {
    const timed = [...frame.querySelectorAll<HTMLElement>("[data-player-at]")].map(timedOf);
    this.lines = timed.filter(({ element }) => element.hasAttribute("data-player-line"));
    this.chapters = timed.filter(({ element }) => !element.hasAttribute("data-player-line"));
    const list = frame.querySelector<HTMLElement>(".player-lines");
    for (const sign of ["wheel", "touchmove", "pointerdown"] as const) {
      list?.addEventListener(
        sign,
        () => {
          this.looked = Date.now();
        },
        { passive: true },
      );
    }
  }

  /** Show what is said now; keep it in sight while it plays, unless somebody looks elsewhere. */
  follow(now: number, isPlaying: boolean): void {
    point(this.chapters, now);
    const line = point(this.lines, now);
    if (line && isPlaying && Date.now() - this.looked > LEFT_ALONE) keepInSight(line);
  }

  /** What is said at a moment, in every language that is shown. */
  wordsAt(now: number): string {
    const line = this.lines.find(({ at, until }) => now >= at && now < until)?.element;
    const parts = [...(line?.querySelectorAll("p") ?? [])].map((words) => words.innerText.trim());
    return parts.filter(Boolean).join("\n");
  }

  /** When the chapter that plays now ends; nothing where there are no chapters. */
  chapterEnd(now: number): number | null {
    return this.chapters.find(({ at, until }) => now >= at && now < until)?.until ?? null;
  }
}

export function keepInSight(line: HTMLElement): void {
  const list = line.closest<HTMLElement>(".player-lines");
  if (!list) return;
  const top = line.offsetTop - list.clientTop;
  const isSeen =
    top >= list.scrollTop && top + line.offsetHeight <= list.scrollTop + list.clientHeight;
  if (!isSeen) list.scrollTo({ top: top - list.clientHeight / 3 });
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
