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
