import type { Lines } from "./lines";

const CHAPTER = "chapter";
const MINUTE = 60_000;

/** Stops the recording by itself: after some minutes, or where the chapter ends. */
export class Sleeping {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private end: number | null = null;
  private isStopped = false;

  constructor(
    private readonly choice: HTMLSelectElement,
    private readonly media: HTMLMediaElement,
    private readonly lines: Lines,
  ) {}

  start(): void {
    if (!this.lines.chapters.length)
      this.choice.querySelector(`option[value=${CHAPTER}]`)?.remove();
    this.choice.addEventListener("change", () => {
      this.set();
    });
    this.media.addEventListener("timeupdate", () => {
      if (this.end !== null && this.media.currentTime >= this.end) this.stop();
    });
    this.media.addEventListener("play", () => {
      this.isStopped = false;
    });
  }

  /** Whether the listener wants to be left in peace, so that nothing goes on by itself. */
  get isSet(): boolean {
    return this.isStopped || this.choice.value === CHAPTER;
  }

  private set(): void {
    clearTimeout(this.timer);
    this.end = null;
    const { value } = this.choice;
    if (value === CHAPTER) this.end = this.lines.chapterEnd(this.media.currentTime);
    else if (value) {
      this.timer = setTimeout(
        () => {
          this.stop();
        },
        Number(value) * MINUTE,
      );
    }
  }

  private stop(): void {
    clearTimeout(this.timer);
    this.end = null;
    this.isStopped = true;
    this.choice.value = "";
    this.media.pause();
  }
}
