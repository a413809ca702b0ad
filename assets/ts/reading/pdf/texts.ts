import type { PDFDocumentProxy } from "pdfjs-dist/legacy/build/pdf.mjs";

/** A stretch of letters of a page, and whether a line ends with it. */
export interface Piece {
  str: string;
  hasEOL: boolean;
}

/** A page as it is read: its pieces, and whether they lie on the page, to be marked there. */
export interface Told {
  pieces: Piece[];
  isOnPage: boolean;
}

/** So many pages are looked at before a document is taken for pictures alone. */
const LOOKED_AT = 6;

/**
 * The words of the pages: those of the file, or where the file has only pictures, those that the
 * library has read in them.
 */
export class Texts {
  private readonly pictures: Promise<boolean>;

  constructor(
    private readonly document: PDFDocumentProxy,
    /** Where the words that the library has read are fetched, page by page; empty without any. */
    private readonly address: string,
  ) {
    this.pictures = this.hasOnlyPictures();
  }

  /** Nobody knows a word of it. */
  async areMissing(): Promise<boolean> {
    return !this.address && (await this.pictures);
  }

  async of(page: number): Promise<Told> {
    if (this.address && (await this.pictures))
      return { pieces: await this.read(page), isOnPage: false };
    return { pieces: await this.within(page), isOnPage: true };
  }

  private async within(number: number): Promise<Piece[]> {
    const page = await this.document.getPage(number);
    const { items } = await page.getTextContent({ disableNormalization: true });
    return items.filter((item) => "str" in item);
  }

  private async read(page: number): Promise<Piece[]> {
    const answer = await fetch(this.address + String(page), { credentials: "same-origin" }).catch(
      () => null,
    );
    if (!answer?.ok) return [];
    const { text } = (await answer.json()) as { text: string };
    return [{ str: text, hasEOL: true }];
  }

  /** No page of some has a word, or all the same: the line that marks a borrowed copy. */
  private async hasOnlyPictures(): Promise<boolean> {
    const count = this.document.numPages;
    const step = Math.max(1, Math.floor(count / LOOKED_AT));
    const texts = new Set<string>();
    for (let page = 1, looked = 0; page <= count && looked < LOOKED_AT; page += step, looked += 1) {
      const pieces = await this.within(page).catch(() => []);
      texts.add(pieces.map(({ str }) => str.trim()).join(""));
      if (texts.size > 1) return false;
    }
    return texts.has("") || count > 1;
  }
}
