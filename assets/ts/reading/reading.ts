import { on, recall, remember } from "../dom";
import { Carrying } from "./carrying";
import type { Page, Reading } from "./data";
import { addressOf, pageName, part, readingOf } from "./data";
import type { Deeds } from "./deeds";
import { startButtons, startKeys } from "./deeds";
import { Inside } from "./inside";
import { Keeping } from "./keeping";
import { PageMarks } from "./marking";
import { offer } from "./offer";
import { startEscape } from "./panels";
import { Places } from "./places";
import { quote } from "./quoting";
import { regionOf } from "./region";
import { Small } from "./small";
import { together, turned } from "./spreads";
import { Tickets } from "./tickets";
import { View } from "./view";

const SPREAD = "reading-spread";
const LARGER = 1.5;
const WIDE = "(min-width: 720px)";

/** Bring the viewer of pages to life: what it does without a script, it then does in place. */
export function startReading(): void {
  const reading = readingOf("reading-data");
  const stage = part("stage");
  if (reading && stage) new Reader(reading, stage).start();
}

class Reader {
  private place: number;
  private twofold = recall(SPREAD) === "yes" && window.matchMedia(WIDE).matches;
  private readonly view: View;
  private readonly small: Small;
  private readonly inside: Inside;
  private readonly places: Places | null;
  private readonly marks: PageMarks | null;
  private readonly tickets: Tickets;

  constructor(
    private readonly reading: Reading,
    stage: HTMLElement,
  ) {
    this.place = placeIn(reading);
    this.places = reading.places ? new Places(reading.places) : null;
    this.tickets = new Tickets(reading, () => {
      this.draw();
    });
    this.view = new View(stage, reading, {
      opened: () => {
        void this.inside.draw(this.shown());
        this.marks?.draw();
      },
      shown: () => {
        document.body.classList.add("reading-drawn");
      },
      moved,
      lost: () => void this.tickets.lost(),
      swiped: (step) => {
        this.turn(step);
      },
      clicked: (place, x, y) => this.marks?.clicked(place, x, y),
    });
    this.small = new Small(reading, (place) => {
      this.go(place);
    });
    this.inside = new Inside(
      reading,
      this.view,
      (place) => {
        this.go(place);
      },
      () => {
        this.openSide(true);
      },
    );
    this.marks = this.places ? this.marking(this.places) : null;
  }

  start(): void {
    const marked = regionOf(window.location.hash);
    this.draw();
    if (marked) this.view.markWhenOpen(marked);
    this.listen();
    startEscape();
    this.tell();
    if (!window.matchMedia(WIDE).matches) this.openSide(false);
    else if (!isShut()) this.openSide(true);
    this.marks?.start();
    this.offerLast();
    void new Keeping(this.reading, new Carrying(this.reading, this.tickets)).start();
  }

  private marking(places: Places): PageMarks {
    return new PageMarks(this.reading, places, this.view, {
      shown: () => this.shown(),
      layers: () => this.inside.layers,
      go: (page) => {
        this.goTo(page);
      },
    });
  }

  /** Who opens the book as a whole is offered the page where this browser was last. */
  private offerLast(): void {
    const last = this.places?.place;
    const isWhole = window.location.pathname === this.reading.home;
    if (!last || !isWhole || last.locator.page === this.reading.pages[this.place]?.[0]) return;
    offer(last, this.reading.words.goOnHere ?? "", ({ page }) => {
      this.goTo(String(page));
    });
  }

  private goTo(name: string): void {
    this.go(this.reading.pages.findIndex((page) => page[0] === name));
  }

  private turn(step: 1 | -1): void {
    this.go(turned(this.place, step, this.reading.pages.length, this.twofold));
  }

  private go(place: number): void {
    if (place === this.place || !this.reading.pages[place]) return;
    this.place = place;
    document.body.classList.add("reading-drawn");
    this.draw();
    this.tell();
    const page = this.reading.pages[place];
    if (!document.body.classList.contains("reading-within")) {
      window.history.replaceState(null, "", addressOf(this.reading, page) + this.inside.question);
    }
    const label = pageName(this.reading, page);
    this.places?.keep({ page: page[0] }, (place + 1) / this.reading.pages.length, label);
    const said = part("said");
    if (said) said.textContent = label;
    document.title = `${this.reading.title}, ${page[1]}`;
    if (!window.matchMedia(WIDE).matches) this.openSide(false);
  }

  private draw(): void {
    this.view.show(this.shown());
  }

  private shown(): Page[] {
    const { pages } = this.reading;
    const shown = together(this.place, pages.length, this.twofold);
    return pages.filter((_, place) => shown.includes(place));
  }

  /** Let everything around the page say which one it is. */
  private tell(): void {
    const choice = part("goto");
    if (choice instanceof HTMLSelectElement) choice.selectedIndex = this.place;
    const number = part("number");
    if (number) number.textContent = String(this.place + 1);
    this.point("before", -1);
    this.point("after", 1);
    part("spread")?.setAttribute("aria-pressed", String(this.twofold));
    this.small.point(this.place);
  }

  private point(name: string, step: 1 | -1): void {
    const { pages } = this.reading;
    const target = turned(this.place, step, pages.length, this.twofold);
    const page = target === this.place ? undefined : pages[target];
    const link = part(name);
    link?.setAttribute("aria-disabled", String(!page));
    if (page) link?.setAttribute("href", addressOf(this.reading, page));
    else link?.removeAttribute("href");
  }

  private listen(): void {
    const last = this.reading.pages.length - 1;
    const deeds: Deeds = {
      before: () => {
        this.turn(-1);
      },
      after: () => {
        this.turn(1);
      },
      first: () => {
        this.go(0);
      },
      last: () => {
        this.go(last);
      },
      smaller: () => {
        this.view.zoom(1 / LARGER);
      },
      larger: () => {
        this.view.zoom(LARGER);
      },
      whole: () => {
        this.view.whole();
      },
      spread: () => {
        this.spread();
      },
      full: toggleFullScreen,
      side: () => {
        this.openSide(isShut());
      },
      ...this.inside.deeds,
      ...this.marks?.deeds,
    };
    startKeys(deeds);
    startButtons(deeds);
    this.listenToLinks();
    this.inside.start();
    if (!document.fullscreenEnabled) part("full")?.remove();
  }

  private listenToLinks(): void {
    on("change", "[data-reading=goto]", (choice) => {
      if (choice instanceof HTMLSelectElement) this.go(choice.selectedIndex);
    });
    on("click", ".reading-contents a", (link, event) => {
      event.preventDefault();
      const address = link.getAttribute("href");
      this.go(this.reading.pages.findIndex((page) => addressOf(this.reading, page) === address));
    });
    on("click", "[data-dialog=quote]", () => {
      const page = this.reading.pages[this.place];
      if (page) quote(this.reading, page, this.view.region());
    });
  }

  private spread(): void {
    this.twofold = !this.twofold;
    remember(SPREAD, this.twofold ? "yes" : null);
    this.draw();
    this.tell();
  }

  private openSide(open: boolean): void {
    const side = document.getElementById("side");
    if (!side) return;
    side.hidden = !open;
    part("side")?.setAttribute("aria-expanded", String(open));
    if (open) this.small.draw(this.place);
  }
}

/** What was kept is one page for all addresses of the book: the address says which is meant. */
function placeIn(reading: Reading): number {
  const { pathname } = window.location;
  const named = reading.pages.findIndex((page) => addressOf(reading, page) === pathname);
  return reading.isKept && named >= 0 ? named : reading.place;
}

/** The small picture stands where the page first stood. */
function moved(): void {
  document.body.classList.add("reading-moved");
}

function isShut(): boolean {
  return document.getElementById("side")?.hidden !== false;
}

function toggleFullScreen(): void {
  const { documentElement } = document;
  if (document.fullscreenElement) void document.exitFullscreen();
  else documentElement.requestFullscreen().catch(() => undefined);
}
