import { toast } from "../toast";
import { say, voiceFor, voices } from "./voices";

/** What is read aloud: the words where the reader is, and the way to those that follow. */
export interface Spoken {
  words: () => Promise<string>;
  /** Go on; false where it ends. */
  next: () => Promise<boolean>;
}

const LONGEST = 200;
/** So many pages without a word, as pictures have none, and it ends. */
const MOST_SILENT = 4;
const TAGS: Record<string, string | undefined> = { vie: "vi-VN", eng: "en-GB", fre: "fr-FR" };

/** Reads by the browser's own voice until it is stopped; without any voice there is no button. */
export class Aloud {
  private turn = 0;
  private voice: SpeechSynthesisVoice | undefined;
  private readonly label: string;

  constructor(
    private readonly button: HTMLElement,
    private readonly spoken: Spoken,
  ) {
    this.label = button.getAttribute("aria-label") ?? "";
    button.hidden = false;
    button.setAttribute("aria-pressed", "false");
    button.addEventListener("click", () => {
      if (this.isOn) this.stop();
      else void this.start(++this.turn);
    });
    addEventListener("pagehide", () => {
      this.stop();
    });
  }

  /** The button of this page, where the browser can speak at all. */
  static button(): HTMLElement | null {
    if (!("speechSynthesis" in window)) return null;
    return document.querySelector<HTMLElement>("[data-aloud]");
  }

  private get isOn(): boolean {
    return this.button.getAttribute("aria-pressed") === "true";
  }

  private show(isOn: boolean): void {
    this.button.setAttribute("aria-pressed", String(isOn));
    const stop = this.button.dataset.aloudStop ?? this.label;
    this.button.setAttribute("aria-label", isOn ? stop : this.label);
  }

  private stop(): void {
    this.turn++;
    speechSynthesis.cancel();
    this.show(false);
  }

  private get language(): string {
    return TAGS[this.button.dataset.aloudLanguage ?? ""] ?? "vi-VN";
  }

  /** Find a voice; say so where it is another language's, or where the device has none. */
  private async start(turn: number): Promise<void> {
    this.show(true);
    const all = await voices();
    if (turn !== this.turn) return;
    this.voice = voiceFor(this.language, all);
    const { aloudNoVoice, aloudMute } = this.button.dataset;
    if (!this.voice) toast((all.length ? aloudNoVoice : aloudMute) ?? "", "stop");
    if (all.length) await this.read(turn);
    if (turn === this.turn) this.stop();
  }

  private async read(turn: number): Promise<void> {
    for (let silent = 0; silent < MOST_SILENT; silent += 1) {
      for (const part of breaths(await this.spoken.words())) {
        if (turn !== this.turn || !(await say(part, this.voice, this.language))) return;
        silent = 0;
      }
      if (turn !== this.turn || !(await this.spoken.next())) return;
    }
  }
}

/** Cut a text where one breathes: voices stop in the midst of what is too long. */
function breaths(text: string): string[] {
  const found: string[] = [];
  for (const sentence of text.split(/(?<=[.!?…;:])\s+/u)) {
    let rest = sentence.trim();
    while (rest.length > LONGEST) {
      const at = rest.lastIndexOf(" ", LONGEST);
      const end = at > 0 ? at : LONGEST;
      found.push(rest.slice(0, end));
      rest = rest.slice(end).trim();
    }
    if (rest) found.push(rest);
  }
  return found;
}
