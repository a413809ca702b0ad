/** Listening and watching: the words follow the recording, and a press on them leads to it. */
import { recall, remember } from "../../dom";
import { Finding } from "./finding";
import { Lines } from "./lines";
import { markFilm } from "./marking";
import { Placing, tellAddress } from "./placing";
import { Sleeping } from "./sleeping";
import { type Told, toldOf } from "./told";

const STEP = 5;
const SPEED = "playing:speed";
/** Says to the page of the next recording that it shall play at once. */
const GO_ON = "playing:go-on";

export function startPlayer(): void {
  const frame = document.querySelector<HTMLElement>("[data-player]");
  const media = frame?.querySelector<HTMLMediaElement>("[data-player-media]");
  const told = toldOf();
  if (frame && media && told) new Player(frame, media, told).start();
}

class Player {
  private readonly lines: Lines;
  private sleeping: Sleeping | null = null;

  constructor(
    private readonly frame: HTMLElement,
    private readonly media: HTMLMediaElement,
    private readonly told: Told,
  ) {
    this.lines = new Lines(frame);
  }

  start(): void {
    const go = (seconds: number): void => {
      this.go(seconds);
    };
    for (const sign of ["timeupdate", "seeked"]) {
      this.media.addEventListener(sign, () => {
        this.follow();
      });
    }
    this.watchLoss();
    if (this.told.mark && this.media instanceof HTMLVideoElement) {
      markFilm(this.media, this.told.mark);
    }
    this.listen();
    new Finding(this.frame, this.lines.lines, go).start();
    this.choose();
    this.introduce();
    void new Placing(this.told, this.media, this.lines, go).start();
    this.goOn();
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

  private follow(): void {
    const now = this.media.currentTime;
    this.lines.follow(now, !this.media.paused);
    tellAddress(this.told.part, now);
  }

  private play(): void {
    void this.media.play().catch(() => undefined);
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
      this.play();
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
      if (this.media.paused) this.play();
      else this.media.pause();
    };
    const step = (seconds: number) => (): void => {
      this.go(this.media.currentTime + seconds);
    };
    return { " ": turn, k: turn, ArrowLeft: step(-STEP), ArrowRight: step(STEP) };
  }

  /** The speed, which stays as it was chosen the last time, and when to stop. */
  private choose(): void {
    const speed = this.frame.querySelector<HTMLSelectElement>("[data-player-speed]");
    const set = (): void => {
      this.media.defaultPlaybackRate = this.media.playbackRate = Number(speed?.value ?? 1);
    };
    const chosen = recall(SPEED);
    if (speed && chosen && [...speed.options].some(({ value }) => value === chosen)) {
      speed.value = chosen;
      set();
    }
    speed?.addEventListener("change", () => {
      remember(SPEED, speed.value);
      set();
    });
    const sleep = this.frame.querySelector<HTMLSelectElement>("[data-player-sleep]");
    if (!sleep) return;
    this.sleeping = new Sleeping(sleep, this.media, this.lines);
    this.sleeping.start();
  }

  /** The next side of the tape follows by itself, as it did on the tape recorder. */
  private goOn(): void {
    const numbers = this.told.recordings.map(([number]) => number);
    const next = numbers[numbers.indexOf(this.told.part) + 1];
    if (recall(GO_ON) === String(this.told.part)) this.play();
    remember(GO_ON, null);
    this.media.addEventListener("ended", () => {
      if (next === undefined || this.sleeping?.isSet) return;
      remember(GO_ON, String(next));
      window.location.assign(`${this.told.home}?part=${String(next)}&t=0`);
    });
  }

  /** Tell the phone's lock screen what is playing. */
  private introduce(): void {
    if (!("mediaSession" in navigator)) return;
    const { title, library } = this.told;
    navigator.mediaSession.metadata = new MediaMetadata({ title, artist: library });
  }

  private watchLoss(): void {
    const lose = (): void => {
      this.frame.querySelector("[data-player-lost]")?.removeAttribute("hidden");
    };
    this.media.querySelector("source:last-of-type")?.addEventListener("error", lose);
    this.media.addEventListener("error", lose);
  }
}
