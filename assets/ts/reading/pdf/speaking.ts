import type { Spoken } from "../aloud";
import type { Texts } from "./texts";

/** Where the reader is among the pages. */
interface Place {
  readonly page: number;
  readonly count: number;
  go: (page: number) => void;
}

/** The pages of a PDF as they are read aloud, from the one on the screen. */
export class SpokenPages implements Spoken {
  constructor(
    private readonly texts: Texts,
    private readonly place: Place,
  ) {}

  async words(): Promise<string> {
    const { pieces } = await this.texts.of(this.place.page);
    return pieces.map(({ str, hasEOL }) => str + (hasEOL ? " " : "")).join("");
  }

  next(): Promise<boolean> {
    const { page, count } = this.place;
    if (page < count) this.place.go(page + 1);
    return Promise.resolve(page < count);
  }
}
