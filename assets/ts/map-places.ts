/** Composing a map: a press on the picture writes the place's line, and only its name is typed. */
import { on } from "./dom";

on(
  "click",
  ".exhibition-piece .exhibition-chart, .exhibition-piece .exhibition-figure img",
  (picture, event) => {
    const lines = picture
      .closest(".exhibition-piece")
      ?.querySelector<HTMLTextAreaElement>("textarea[name$='-lines']");
    const fold = lines?.closest("details");
    if (!lines || !fold) return;
    event.preventDefault();
    const box = picture.getBoundingClientRect();
    const x = percent(event.clientX - box.left, box.width);
    const y = percent(event.clientY - box.top, box.height);
    const before = lines.value.trimEnd();
    lines.value = `${before}${before ? "\n" : ""}${String(x)} ${String(y)} `;
    fold.open = true;
    lines.focus();
  },
);

function percent(at: number, whole: number): number {
  return Math.round(Math.min(1, Math.max(0, at / whole)) * 100);
}
