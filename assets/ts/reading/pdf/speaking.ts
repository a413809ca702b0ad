import type { PDFDocumentProxy } from "pdfjs-dist/legacy/build/pdf.mjs";
import type { Spoken } from "../aloud";

/** Where the reader is among the pages. */
interface Place {
  readonly page: number;
  readonly count: number;
  go: (page: number) => void;
}

/** The pages of a PDF as they are read aloud, from the one on the screen. */
export class SpokenPages implements Spoken {
  constructor(
    private readonly document: PDFDocumentProxy,
    private readonly place: Place,
  ) {}

  async words(): Promise<string> {
    const page = await this.document.getPage(this.place.page);
    const { items } = await page.getTextContent();
    return items.map((item) => ("str" in item ? item.str + (item.hasEOL ? " " : "") : "")).join("");
  }

  next(): Promise<boolean> {
    const { page, count } = this.place;
    if (page < count) this.place.go(page + 1);
    return Promise.resolve(page < count);
  }
}
