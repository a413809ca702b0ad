import OpenSeadragon from "openseadragon";
import type OSD from "openseadragon/types";
import { pictureOf } from "./carrying";
import type { Page, Reading } from "./data";
import { afterTheWord, imageOf } from "./data";
import { FROM_KEPT } from "./kept";
import type { Region } from "./region";

const TILE = 256;
const GAP = 0.01;
const SWIPE_SPEED = 350;
// The part of a page's width that fills the screen when a hit is shown.
const LOOKED_AT = 0.75;

/** What a viewer must tell those around it. */
export interface Listener {
  opened: () => void;
  shown: () => void;
  /** The pages stand no longer where they first stood. */
  moved: () => void;
  lost: () => void;
  swiped: (step: 1 | -1) => void;
  /** A point of a page was clicked or tapped, in the page's own pixels. */
  clicked: (place: number, x: number, y: number) => void;
}

/** A part of one of the pages on the screen. */
export interface Seen {
  place: number;
  region: Region;
}

/** The pages on the screen: deep zoom by OpenSeadragon, one page or two. */
export class View {
  private readonly viewer: OSD.Viewer;
  /** Whether the whole page is shown, as at first; it then stays whole in a frame that changes. */
  private isWhole = true;

  constructor(
    element: HTMLElement,
    private readonly reading: Reading,
    private readonly listener: Listener,
  ) {
    forestallStyle();
    this.viewer = OpenSeadragon({
      element,
      // The drawing by canvas stretches tiles by a pixel to hide their seams, which cuts letters.
      drawer: ["webgl", "canvas"],
      showNavigationControl: false,
      gestureSettingsMouse: { clickToZoom: false, dblClickToZoom: true },
      gestureSettingsTouch: { dblClickToZoom: true },
      visibilityRatio: 0.6,
      constrainDuringPan: true,
      minZoomImageRatio: 0.9,
      maxZoomPixelRatio: 3,
      animationTime: reducedMotion() ? 0 : 0.5,
      imageLoaderLimit: 6,
      // The small picture lies below: what is drawn over it at once is sharp.
      immediateRender: true,
      timeout: 60_000,
    });
    this.viewer.addHandler("tile-load-failed", () => {
      this.listener.lost();
    });
    // The keys of the page are ours; see keys.ts.
    this.viewer.addHandler("canvas-key", (event) => {
      event.preventDefaultAction = true;
    });
    this.viewer.addHandler("canvas-click", (event) => {
      if (event.quick) this.click(event.position);
    });
    this.listenToMoves();
    this.viewer.addHandler("canvas-drag-end", (event) => {
      this.swipe(event.speed, event.direction);
    });
  }

  /** Show these pages side by side, in equal height, from the first on. */
  show(pages: Page[]): void {
    let x = 0;
    const sources = pages.map((page) => {
      const placed = { tileSource: sourceOf(this.reading, page), x, y: 0, height: 1 };
      x += page[2] / page[3] + GAP;
      return placed;
    });
    this.viewer.addOnceHandler("open", () => {
      this.whole(true);
      this.tellWhenLoaded();
      this.listener.opened();
    });
    this.viewer.open(sources);
    this.name(pages);
  }

  /** Let the picture say what it is to who hears it; the page's own words stand below. */
  private name(pages: Page[]): void {
    const labels = pages.map((page) => afterTheWord(page[1])).join(", ");
    this.viewer.canvas.setAttribute("role", "img");
    this.viewer.canvas.setAttribute("aria-label", `${this.reading.words.page} ${labels}`);
  }

  zoom(factor: number): void {
    this.leave();
    this.viewer.viewport.zoomBy(factor).applyConstraints();
  }

  whole(atOnce = false): void {
    this.isWhole = true;
    this.viewer.viewport.goHome(atOnce);
  }

  /** Once the page is there, go to a part of it, and draw a line around that. */
  markWhenOpen(region: Region): void {
    this.viewer.addOnceHandler("open", () => {
      this.mark(region);
    });
  }

  /** Lay something over one of the pages on the screen, as large as the page. */
  lay(place: number, element: HTMLElement): void {
    const item = this.item(place);
    if (item) this.viewer.addOverlay(element, item.getBounds(true));
  }

  /** Take away what was laid over a page. */
  lift(element: HTMLElement): void {
    this.viewer.removeOverlay(element);
  }

  /** Bring a part of a page into sight, near enough to be read; nothing moves if it is so. */
  look(place: number, region: Region): void {
    const item = this.item(place);
    if (!item) return;
    this.leave();
    const { viewport } = this.viewer;
    const page = item.getBounds(true);
    const wanted = item.imageToViewportRectangle(region.x, region.y, region.width, region.height);
    const across = Math.max(page.width * LOOKED_AT, wanted.width * 1.5);
    if (viewport.getBounds().width > across * 1.5) viewport.zoomTo(1 / across);
    viewport.panTo(wanted.getCenter()).applyConstraints();
  }

  private listenToMoves(): void {
    this.viewer.addHandler("after-resize", () => {
      // The viewer then brings back the zoom it had: the last word must be ours.
      this.viewer.addOnceHandler("viewport-change", () => {
        if (this.isWhole) this.whole(true);
      });
    });
    for (const deed of ["drag", "pinch", "scroll", "double-click"] as const) {
      this.viewer.addHandler(`canvas-${deed}`, () => {
        this.leave();
      });
    }
  }

  /** The pages stand no longer where they first stood. */
  private leave(): void {
    this.isWhole = false;
    this.listener.moved();
  }

  private mark(region: Region): void {
    const item = this.item();
    if (!item) return;
    const { x, y, width, height } = region;
    const place = item.imageToViewportRectangle(x, y, width, height);
    this.leave();
    const frame = document.createElement("div");
    frame.className = "reading-marked";
    this.viewer.addOverlay(frame, place);
    const wider = new OpenSeadragon.Rect(
      place.x - place.width / 8,
      place.y - place.height / 8,
      place.width * 1.25,
      place.height * 1.25,
    );
    this.viewer.viewport.fitBounds(wider, true);
  }

  /** The part of the first page that is on the screen; nothing when that is the whole page. */
  region(): Region | null {
    const item = this.item();
    if (!item) return null;
    const size = item.getContentSize();
    const seen = item.viewportToImageRectangle(this.viewer.viewport.getBounds(true));
    const left = Math.max(0, Math.round(seen.x));
    const top = Math.max(0, Math.round(seen.y));
    const right = Math.min(size.x, Math.round(seen.x + seen.width));
    const bottom = Math.min(size.y, Math.round(seen.y + seen.height));
    if (right <= left || bottom <= top) return null;
    const isWhole = right - left >= size.x && bottom - top >= size.y;
    return isWhole ? null : { x: left, y: top, width: right - left, height: bottom - top };
  }

  /** The part of a page below a box on the screen, whose corner is that of the pages' screen. */
  below(box: Region): Seen | null {
    const { viewport, world } = this.viewer;
    const corner = viewport.viewerElementToViewportCoordinates(point(box.x, box.y));
    const end = viewport.viewerElementToViewportCoordinates(
      point(box.x + box.width, box.y + box.height),
    );
    for (let place = 0; place < world.getItemCount(); place += 1) {
      const region = clipped(world.getItemAt(place), corner, end);
      if (region) return { place, region };
    }
    return null;
  }

  private click(position: OSD.Point): void {
    const at = this.viewer.viewport.viewerElementToViewportCoordinates(position);
    const { world } = this.viewer;
    for (let place = 0; place < world.getItemCount(); place += 1) {
      const item = world.getItemAt(place);
      if (!item.getBounds(true).containsPoint(at)) continue;
      const { x, y } = item.viewportToImageCoordinates(at);
      this.listener.clicked(place, x, y);
    }
  }

  private item(place = 0): OSD.TiledImage | null {
    const { world } = this.viewer;
    return place < world.getItemCount() ? world.getItemAt(place) : null;
  }

  private tellWhenLoaded(): void {
    const item = this.item();
    if (!item) return;
    if (item.getFullyLoaded()) this.listener.shown();
    else
      item.addOnceHandler("fully-loaded-change", () => {
        this.listener.shown();
      });
  }

  private swipe(speed: number, direction: number): void {
    const { viewport } = this.viewer;
    const isWhole = viewport.getZoom() <= viewport.getHomeZoom() * 1.05;
    const across = Math.cos(direction);
    if (!isWhole || speed < SWIPE_SPEED || Math.abs(across) < 0.8) return;
    this.listener.swiped(across < 0 ? 1 : -1);
  }
}

function point(x: number, y: number): OSD.Point {
  return new OpenSeadragon.Point(x, y);
}

/** What of the page lies between two points of the viewport; nothing of a sliver. */
function clipped(item: OSD.TiledImage, corner: OSD.Point, end: OSD.Point): Region | null {
  const size = item.getContentSize();
  const from = item.viewportToImageCoordinates(corner);
  const to = item.viewportToImageCoordinates(end);
  const x = Math.round(Math.max(0, from.x));
  const y = Math.round(Math.max(0, from.y));
  const width = Math.round(Math.min(size.x, to.x)) - x;
  const height = Math.round(Math.min(size.y, to.y)) - y;
  return width > 1 && height > 1 ? { x, y, width, height } : null;
}

/** The image of a page, described here so that no description has to be fetched first. */
function sourceOf(reading: Reading, page: Page): object {
  const [, , width, height] = page;
  if (reading.isKept) return wholeOf(pictureOf(reading, page) + FROM_KEPT, width, height);
  const scaleFactors = [1];
  for (let scale = 1; Math.max(width, height) / scale > TILE; scale *= 2) {
    scaleFactors.push(scale * 2);
  }
  return {
    "@context": "http://iiif.io/api/image/3/context.json",
    id: reading.site + imageOf(reading, page),
    type: "ImageService3",
    protocol: "http://iiif.io/api/image",
    profile: "level2",
    width,
    height,
    tiles: [{ width: TILE, scaleFactors }],
  };
}

/** One picture for all of the page, whatever its own size is. */
function wholeOf(address: string, width: number, height: number): object {
  const side = Math.max(width, height);
  const level = Math.ceil(Math.log2(side));
  const levels = { minLevel: level, maxLevel: level };
  return { width, height, tileSize: side, tileOverlap: 0, ...levels, getTileUrl: () => address };
}

/**
 * OpenSeadragon writes a style into the page unless it finds one of its mark there; ours is none,
 * for the content security policy lets no script write styles.
 */
function forestallStyle(): void {
  const mark = document.createElementNS("tangthu:none", "style");
  mark.setAttribute("data-openseadragon-mobile-css", "true");
  document.head.append(mark);
}

function reducedMotion(): boolean {
  return window.matchMedia("(prefers-reduced-motion: reduce)").matches;
}
