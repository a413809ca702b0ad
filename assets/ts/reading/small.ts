import { pictureOf } from "./carrying";
import type { Page, Reading } from "./data";
import { addressOf, imageOf, part } from "./data";
import { FROM_KEPT } from "./kept";

const WIDTH = 112;

/** The small pictures of all pages, drawn when they are first looked for. */
export class Small {
  private readonly list = part("small");

  constructor(
    private readonly reading: Reading,
    private readonly chosen: (place: number) => void,
  ) {
    this.list?.addEventListener("click", (event) => {
      const link = event.target instanceof Element ? event.target.closest("a") : null;
      if (!link) return;
      event.preventDefault();
      this.chosen(Number(link.dataset.place));
    });
  }

  draw(place: number): void {
    if (!this.list || this.list.childElementCount) return;
    this.list.append(...this.reading.pages.map((_, each) => this.entry(each)));
    if (place > 0) this.point(place);
    else this.mark(place);
  }

  /** Tell which page is open, and bring it into sight unless what was found stands there. */
  point(place: number): void {
    const link = this.mark(place);
    const asked = part("search")?.querySelector("input")?.value;
    if (!asked) link?.scrollIntoView({ block: "nearest" });
  }

  private mark(place: number): Element | null | undefined {
    this.list?.querySelector("[aria-current]")?.removeAttribute("aria-current");
    const link = this.list?.querySelector(`[data-place="${String(place)}"]`);
    link?.setAttribute("aria-current", "page");
    return link;
  }

  private entry(place: number): HTMLLIElement {
    const page = this.reading.pages[place];
    const item = document.createElement("li");
    if (!page) return item;
    const [, label, width, height] = page;
    const link = document.createElement("a");
    link.href = addressOf(this.reading, page);
    link.dataset.place = String(place);
    const image = new Image(WIDTH, Math.round((WIDTH * height) / width));
    image.loading = "lazy";
    image.alt = "";
    image.src = this.pictured(page);
    const words = document.createElement("span");
    words.textContent = label;
    link.append(image, words);
    item.append(link);
    return item;
  }

  private pictured(page: Page): string {
    if (this.reading.isKept) return pictureOf(this.reading, page) + FROM_KEPT;
    const width = String(Math.min(WIDTH * 2, page[2]));
    return `${imageOf(this.reading, page)}/full/${width},/0/default.jpg`;
  }
}
