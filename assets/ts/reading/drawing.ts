import { part } from "./data";
import type { Region } from "./region";
import type { Seen, View } from "./view";

const SMALLEST = 8;

/** Draws a box on the page by finger, pen or mouse; or takes what is on the screen, by a key. */
export class Drawing {
  private readonly sheet = part("drawing");
  private readonly box = document.createElement("div");
  private from: { x: number; y: number } | null = null;

  constructor(
    private readonly view: View,
    private readonly drawn: (seen: Seen) => void,
  ) {
    this.box.className = "reading-drawing-box";
    this.listen();
  }

  toggle(): void {
    this.show(this.sheet?.hidden === true);
  }

  private listen(): void {
    const { sheet } = this;
    if (!sheet) return;
    sheet.addEventListener("pointerdown", (event) => {
      if (event.target !== sheet || !event.isPrimary) return;
      sheet.setPointerCapture(event.pointerId);
      this.from = { x: event.offsetX, y: event.offsetY };
    });
    sheet.addEventListener("pointermove", (event) => {
      if (this.from && event.isPrimary) this.stretch(this.boxTo(event));
    });
    sheet.addEventListener("pointerup", (event) => {
      if (event.isPrimary) this.end(event);
    });
    sheet.addEventListener("pointercancel", () => {
      this.from = null;
      this.box.remove();
    });
    sheet.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      this.show(false);
    });
    part("drawing-screen")?.addEventListener("click", () => {
      this.take({ x: 0, y: 0, width: sheet.clientWidth, height: sheet.clientHeight });
    });
    part("drawing-leave")?.addEventListener("click", () => {
      this.show(false);
    });
  }

  private boxTo({ clientX, clientY }: PointerEvent): Region {
    const { left, top } = this.sheet?.getBoundingClientRect() ?? { left: 0, top: 0 };
    const from = this.from ?? { x: 0, y: 0 };
    const to = { x: clientX - left, y: clientY - top };
    return {
      x: Math.min(from.x, to.x),
      y: Math.min(from.y, to.y),
      width: Math.abs(from.x - to.x),
      height: Math.abs(from.y - to.y),
    };
  }

  private stretch({ x, y, width, height }: Region): void {
    const { style } = this.box;
    style.transform = `translate(${String(x)}px, ${String(y)}px)`;
    style.width = `${String(width)}px`;
    style.height = `${String(height)}px`;
    if (!this.box.isConnected) this.sheet?.append(this.box);
  }

  private end(event: PointerEvent): void {
    if (!this.from) return;
    const box = this.boxTo(event);
    this.from = null;
    this.box.remove();
    // A tap is no box: who only touched the page may begin again.
    if (box.width >= SMALLEST && box.height >= SMALLEST) this.take(box);
  }

  private take(box: Region): void {
    const seen = this.view.below(box);
    if (!seen) return;
    this.show(false);
    this.drawn(seen);
  }

  private show(isShown: boolean): void {
    const button = part("highlight");
    if (this.sheet) this.sheet.hidden = !isShown;
    button?.setAttribute("aria-pressed", String(isShown));
    if (isShown) part("drawing-screen")?.focus();
    else button?.focus();
  }
}
