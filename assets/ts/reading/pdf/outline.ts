import type { PDFDocumentProxy } from "pdfjs-dist/legacy/build/pdf.mjs";
import type { PDFLinkService } from "pdfjs-dist/legacy/web/pdf_viewer.mjs";
import type { Line } from "../contents";

const MOST = 2000;

type Outline = Awaited<ReturnType<PDFDocumentProxy["getOutline"]>>;

/** The bookmarks of a PDF as lines of a table of contents. */
export async function linesOf(document: PDFDocumentProxy, links: PDFLinkService): Promise<Line[]> {
  const lines: Line[] = [];
  const add = (items: Outline, level: number): void => {
    for (const item of items) {
      if (lines.length >= MOST) return;
      const { dest, title } = item;
      if (dest)
        lines.push({
          title,
          level,
          open: () => void links.goToDestination(dest),
        });
      add(item.items as unknown[] as Outline, level + 1);
    }
  };
  // What the types call never missing is null where a document has no bookmarks.
  const outline = (await document.getOutline()) as Outline | null;
  add(outline ?? [], 1);
  return lines;
}
