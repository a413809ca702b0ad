import type { View } from "foliate-js/view.js";
import { toast } from "../../toast";
import { part } from "../data";
import { say, voiceFor, voices } from "../voices";
import { rangeOf, textOf } from "./searching";

/** A sentence ends with its sign and a space; what has none ends where its paragraph does. */
const SENTENCE = /[^.!?…;:]+[.!?…;:]*["”»)\]]*\s*/gu;
const LONGEST = 220;

interface Sentence {
  text: string;
  range: Range;
}

/** Reads the book aloud with the browser's voice, sentence by sentence, and shows where it is. */
export class Speaker {
  private isSpeaking = false;
  private turn = 0;
  private voice: SpeechSynthesisVoice | undefined;

  /** `noVoice` is said where another voice must read, `mute` where the device has none at all. */
  constructor(
    private readonly view: View,
    private readonly language: string,
    private readonly words: { noVoice: string; mute: string },
  ) {}

  static get isThere(): boolean {
    return "speechSynthesis" in window;
  }

  toggle(): void {
    if (this.isSpeaking) this.stop();
    else void this.start();
  }

  stop(): void {
    this.turn += 1;
    this.tell(false);
    window.speechSynthesis.cancel();
    for (const { doc } of this.view.renderer.getContents()) doc.getSelection()?.removeAllRanges();
  }

  private async start(): Promise<void> {
    const turn = (this.turn += 1);
    this.tell(true);
    const all = await voices();
    if (turn !== this.turn) return;
    this.voice = voiceFor(this.language, all);
    if (!this.voice) toast(all.length ? this.words.noVoice : this.words.mute, "stop");
    if (!all.length) {
      this.stop();
      return;
    }
    await this.read(turn);
  }

  private async read(turn: number): Promise<void> {
    let from = this.visible();
    while (turn === this.turn) {
      for (const sentence of this.sentences(from)) {
        await this.view.renderer.scrollToAnchor(sentence.range, true);
        const isSaid = await say(sentence.text, this.voice, this.language);
        if (turn !== this.turn) return;
        if (!isSaid) {
          this.stop();
          return;
        }
      }
      if (this.isLast()) break;
      await this.view.renderer.nextSection();
      from = null;
    }
    if (turn === this.turn) this.stop();
  }

  private *sentences(from: Range | null): Generator<Sentence> {
    const document = this.view.renderer.getContents()[0]?.doc;
    if (!document) return;
    const read = textOf(document);
    for (const found of read.text.matchAll(SENTENCE)) {
      const start = found.index + (found[0].length - found[0].trimStart().length);
      const text = found[0].trim();
      if (!/[\p{L}\p{N}]/u.test(text)) continue;
      const range = rangeOf(document, read, { start, end: start + text.length });
      if (from && range.compareBoundaryPoints(Range.START_TO_END, from) < 0) continue;
      yield { text: text.slice(0, LONGEST * 4), range };
    }
  }

  private visible(): Range | null {
    const location = this.view.lastLocation as { range?: Range } | null;
    return location?.range ?? null;
  }

  private isLast(): boolean {
    const index = this.view.renderer.getContents()[0]?.index ?? 0;
    return !this.view.book.sections.slice(index + 1).some(({ linear }) => linear !== "no");
  }

  private tell(isSpeaking: boolean): void {
    this.isSpeaking = isSpeaking;
    part("speak")?.setAttribute("aria-pressed", String(isSpeaking));
  }
}
