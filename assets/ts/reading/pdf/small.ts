import type { PDFDocumentProxy } from "pdfjs-dist/legacy/build/pdf.mjs";
import { part } from "../data";

const WIDTH = 112;
// Of a book of thousands of pages the small pictures are drawn as they come into sight.
const MOST = 2000;

/** The small pictures of the pages, each drawn when it is first seen. */
export class SmallPages {
  private readonly list = part("small");
  private readonly seen: IntersectionObserver;
  private work: Promise<void> = Promise.resolve();

  constructor(
    private readonly document: PDFDocumentProxy,
    private readonly chosen: (page: number) => void,
  ) {
    this.seen = new IntersectionObserver(
      (entries) => {
        for (const entry of entries) if (entry.isIntersecting) this.drawSoon(entry.target);
      },
      { root: sidePanel() },
    );
  }

  draw(current: number): void {
    if (!this.list || this.list.childElementCount) return;
    const count = Math.min(this.document.numPages, MOST);
    for (let page = 1; page <= count; page += 1) this.list.append(this.entry(page));
    this.point(current);
  }

  /** Tell which page is open, and bring it into sight. */
  point(page: number): void {
    this.list?.querySelector("[aria-current]")?.removeAttribute("aria-current");
    const button = this.list?.querySelector(`[data-page="${String(page)}"]`);
    button?.setAttribute("aria-current", "page");
    button?.scrollIntoView({ block: "nearest" });
  }

  private entry(page: number): HTMLLIElement {
    const item = document.createElement("li");
    const button = document.createElement("button");
    button.type = "button";
    button.dataset.page = String(page);
    const canvas = document.createElement("canvas");
    canvas.width = WIDTH;
    canvas.height = Math.round(WIDTH * 1.414);
    const words = document.createElement("span");
    words.textContent = String(page);
    button.append(canvas, words);
    button.addEventListener("click", () => {
      this.chosen(page);
    });
    item.append(button);
    this.seen.observe(button);
    return item;
  }

  private drawSoon(button: Element): void {
    this.seen.unobserve(button);
    this.work = this.work.then(() => this.drawOne(button)).catch(() => undefined);
  }

  private async drawOne(button: Element): Promise<void> {
    const canvas = button.querySelector("canvas");
    if (!canvas || !(button instanceof HTMLElement)) return;
    const page = await this.document.getPage(Number(button.dataset.page));
    const plain = page.getViewport({ scale: 1 });
    const viewport = page.getViewport({ scale: WIDTH / plain.width });
    canvas.height = Math.round(viewport.height);
    await page.render({ canvas, viewport }).promise;
  }
}

function sidePanel(): HTMLElement | null {
  return document.getElementById("side");
}
