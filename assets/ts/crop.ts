/** Drawing a box on a page with a finger or a mouse: its place goes into the form, in percent. */

const area = document.querySelector<HTMLElement>("[data-crop-area]");
const box = area?.querySelector<HTMLElement>("[data-crop-box]");
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

if (area && box && form) {
  let start: Place | null = null;
  area.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    area.setPointerCapture(event.pointerId);
    start = place(event, area);
  });
  area.addEventListener("pointermove", (event) => {
    if (start) show(start, place(event, area));
  });
  area.addEventListener("pointerup", () => {
    start = null;
  });
}
