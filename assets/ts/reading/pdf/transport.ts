import { PDFDataRangeTransport } from "pdfjs-dist/legacy/build/pdf.mjs";
import type { Source } from "../source";

/** Lets pdf.js fetch the parts of the file that it needs, with tickets that are renewed. */
export class Transport extends PDFDataRangeTransport {
  constructor(
    size: number,
    private readonly source: Source,
    private readonly lost: () => void,
  ) {
    super(size, null);
  }

  override requestDataRange(begin: number, end: number): void {
    this.source.part(begin, end).then(
      (bytes) => {
        this.onDataRange(begin, bytes);
      },
      () => {
        this.lost();
      },
    );
  }
}
