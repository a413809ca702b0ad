/**
 * Reading a page aloud by the browser's own voice, page after page until it is stopped. The words
 * come from the page's text; where the browser has no voice at all, no button is shown.
 */
import { voiceFor, voices } from "./reading/voices";
import { toast } from "./toast";

type Line = [string, ...number[]][];

const LONGEST = 200;
const TAGS: Record<string, string | undefined> = { vie: "vi-VN", eng: "en-GB", fre: "fr-FR" };

/** Cut a text where one breathes: voices stop in the midst of what is too long. */
function breaths(text: string): string[] {
  const found: string[] = [];
  for (const sentence of text.split(/(?<=[.!?…;:])\s+/u)) {
    let rest = sentence;
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

class Aloud {
  private turn = 0;
  private voice: SpeechSynthesisVoice | undefined;
  private readonly label: string;

  constructor(private readonly button: HTMLElement) {
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
    if (all.length) await this.readPage(turn);
    else this.stop();
  }

  private async readPage(turn: number): Promise<void> {
    const page = document.querySelector<HTMLSelectElement>("[data-reading=goto]")?.value ?? "";
    const text = await this.textOf(page);
    if (turn !== this.turn) return;
    this.speak(breaths(text), turn);
  }

  private async textOf(page: string): Promise<string> {
    const answer = await fetch(`${this.button.dataset.aloud ?? ""}${page}`).catch(() => null);
    if (!answer?.ok) return "";
    const { lines } = (await answer.json()) as { lines: Line[] };
    return lines.map((line) => line.map(([word]) => word).join(" ")).join(" ");
  }

  private speak(parts: string[], turn: number): void {
    if (turn !== this.turn) return;
    const [first, ...rest] = parts;
    if (first === undefined) {
      this.goOn(turn);
      return;
    }
    const spoken = new SpeechSynthesisUtterance(first);
    spoken.lang = this.voice?.lang ?? this.language;
    if (this.voice) spoken.voice = this.voice;
    spoken.onend = () => {
      this.speak(rest, turn);
    };
    spoken.onerror = () => {
      if (turn === this.turn) this.stop();
    };
    speechSynthesis.speak(spoken);
  }

  /** Turn to the next page and read it; stop at the end of the book. */
  private goOn(turn: number): void {
    const after = document.querySelector<HTMLAnchorElement>("[data-reading=after]");
    if (!after || after.getAttribute("aria-disabled") === "true") {
      this.stop();
      return;
    }
    after.click();
    setTimeout(() => {
      if (turn === this.turn) void this.readPage(turn);
    }, 600);
  }
}

if ("speechSynthesis" in window) {
  const button = document.querySelector<HTMLElement>("[data-aloud]");
  if (button) new Aloud(button);
}
