/** A part of a page in its own pixels, as addresses of IIIF write it: `xywh=1,2,3,4`. */
export interface Region {
  x: number;
  y: number;
  width: number;
  height: number;
}

const GRAMMAR = /^#xywh=(\d{1,6}),(\d{1,6}),(\d{1,6}),(\d{1,6})$/;

export function regionOf(hash: string): Region | null {
  const found = GRAMMAR.exec(hash);
  if (!found) return null;
  const [x = 0, y = 0, width = 0, height = 0] = found.slice(1).map(Number);
  return width && height ? { x, y, width, height } : null;
}

export function hashOf(region: Region): string {
  const { x, y, width, height } = region;
  return `#xywh=${[x, y, width, height].join(",")}`;
}

/** Several parts of a page in one line of text, as a mark keeps them. */
export function written(regions: readonly Region[]): string {
  return regions.map(({ x, y, width, height }) => [x, y, width, height].join(",")).join(";");
}

/** The parts of a page that a mark names; none where it names the whole page, or nonsense. */
export function regionsOf(text: unknown): Region[] {
  if (typeof text !== "string" || !text) return [];
  return text.split(";").flatMap((each) => regionOf(`#xywh=${each}`) ?? []);
}

/** One box around them all. */
export function around(boxes: readonly Region[]): Region {
  const x = Math.min(...boxes.map((box) => box.x));
  const y = Math.min(...boxes.map((box) => box.y));
  const right = Math.max(...boxes.map((box) => box.x + box.width));
  const bottom = Math.max(...boxes.map((box) => box.y + box.height));
  return { x, y, width: right - x, height: bottom - y };
}

/** Whether a point of the page lies in one of them. */
export function isWithin(regions: readonly Region[], x: number, y: number): boolean {
  return regions.some(
    (box) => x >= box.x && y >= box.y && x <= box.x + box.width && y <= box.y + box.height,
  );
}
