/**
 * Drawing a box on a page with a mouse or a finger: its place goes into the form, in percent.
 *
 * A finger scrolls over the page until its button is pressed, because the page fills a telephone.
 */

const area = document.querySelector<HTMLElement>("[data-crop-area]");
const form = document.querySelector<HTMLFormElement>("[data-crop]");

type Place = { x: number; y: number };

function place(event: PointerEvent, around: HTMLElement): Place {
  const frame = around.getBoundingClientRect();
  const within = (value: number): number => Math.min(100, Math.max(0, value));
  return {
    x: within(((event.clientX - frame.left) / frame.width) * 100),
    y: within(((event.clientY - frame.top) / frame.height) * 100),
  };
}

function show(one: Place, other: Place): void {
  // The picture and its box come later while a page is being drawn.
  const box = area?.querySelector<HTMLElement>("[data-crop-box]");
  if (!box || !form) return;
  const sides = {
    x: Math.min(one.x, other.x),
    y: Math.min(one.y, other.y),
    width: Math.abs(one.x - other.x),
    height: Math.abs(one.y - other.y),
  };
  box.hidden = false;
  box.style.left = `${String(sides.x)}%`;
  box.style.top = `${String(sides.y)}%`;
  box.style.width = `${String(sides.width)}%`;
  box.style.height = `${String(sides.height)}%`;
  for (const [name, value] of Object.entries(sides)) {
    (form.elements.namedItem(name) as HTMLInputElement).value = value.toFixed(1);
  }
}

if (area && form) {
  let start: Place | null = null;
  document.querySelector("[data-crop-draw]")?.addEventListener("click", () => {
    area.classList.add("is-drawn-on");
    area.scrollIntoView({ block: "center" });
  });
  area.addEventListener("pointerdown", (event) => {
    if (event.pointerType === "touch" && !area.classList.contains("is-drawn-on")) return;
    event.preventDefault();
    area.setPointerCapture(event.pointerId);
    start = place(event, area);
  });
  area.addEventListener("pointermove", (event) => {
    if (start) show(start, place(event, area));
  });
  area.addEventListener("pointerup", () => {
    if (start && area.classList.contains("is-drawn-on")) form.scrollIntoView({ block: "center" });
    area.classList.remove("is-drawn-on");
    start = null;
  });
}
