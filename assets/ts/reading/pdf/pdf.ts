import type { PDFDocumentProxy } from "pdfjs-dist/legacy/build/pdf.mjs";
import { AnnotationMode, getDocument, GlobalWorkerOptions } from "pdfjs-dist/legacy/build/pdf.mjs";
import {
  EventBus,
  LinkTarget,
  PDFLinkService,
  PDFViewer,
} from "pdfjs-dist/legacy/web/pdf_viewer.mjs";
import { Aloud } from "../aloud";
import { writeContents } from "../contents";
import { part } from "../data";
import type { Deeds } from "../deeds";
import { startButtons, startKeys } from "../deeds";
import { Hits, startFinding, wordsAsked } from "../hits";
import { Keeping } from "../keeping";
import { Marks } from "../marks";
import { apologise, isNarrow, isOpen, open, opened, panelDeeds, startEscape } from "../panels";
import { Places, type Locator } from "../places";
import { Source, type Told } from "../source";
import { Finder } from "./finder";
import { Inking } from "./inking";
import { linesOf } from "./outline";
import { SmallPages } from "./small";
import { SpokenPages } from "./speaking";
import { Texts } from "./texts";
import { Transport } from "./transport";
import { wordsFor } from "./words";

// A page of poster size would ask more of a phone than it has.
const MOST_PIXELS = 8_000_000;
const FIRST_PIECE = 1 << 16;

/** The reader of PDF documents: pdf.js draws, everything around it is ours. */
export class PdfReader {
  private readonly bus = new EventBus();
  private readonly links = new PDFLinkService({
    eventBus: this.bus,
    externalLinkTarget: LinkTarget.BLANK,
    externalLinkRel: "noopener noreferrer nofollow",
  });
  private readonly hits: Hits;
  private readonly finder: Finder;
  private readonly viewer: PDFViewer;
  private readonly places: Places;
  private readonly marks: Marks;
  private readonly inking: Inking;
  private small: SmallPages | null = null;
  private texts: Texts | null = null;

  constructor(
    readonly told: Told,
    private readonly stage: HTMLDivElement,
  ) {
    const page = told.words.page ?? "";
    this.hits = new Hits(told.words);
    this.finder = new Finder(
      this.bus,
      this.hits,
      page,
      () => this.texts,
      (number) => {
        this.go(number);
      },
    );
    this.viewer = new PDFViewer({
      container: stage,
      eventBus: this.bus,
      linkService: this.links,
      findController: this.finder as never,
      l10n: wordsFor(page) as never,
      // Links are followed; forms, scripts and files within a PDF are not ours to run.
      annotationMode: AnnotationMode.ENABLE,
      maxCanvasPixels: MOST_PIXELS,
      removePageBorders: true,
    });
    this.links.setViewer(this.viewer);
    this.places = new Places(told.places);
    this.marks = this.marksOf();
    this.inking = new Inking(stage, this.bus, (uid) => {
      open("marks", true);
      this.marks.focus(uid);
    });
  }

  private marksOf(): Marks {
    const { title, words } = this.told;
    return new Marks(this.places, title, words, {
      go: (locator) => {
        this.go(Number(locator.page));
        window.requestAnimationFrame(() => {
          this.inking.show(locator);
        });
        if (isNarrow()) open("marks", false);
      },
      here: () => this.here(),
      changed: (marks) => {
        this.inking.draw(marks);
      },
    });
  }

  private here(): { locator: Locator; label: string; quote: string } {
    const chosen = this.inking.chosen();
    if (!chosen) return { locator: { page: this.page }, label: this.label(this.page), quote: "" };
    const { page, start, end, quote } = chosen;
    return { locator: { page, start, end }, label: this.label(page), quote };
  }

  get page(): number {
    return this.viewer.currentPageNumber;
  }

  get count(): number {
    return this.viewer.pagesCount;
  }

  /** Open the document at this page, or where the reader was; show what comes as it comes. */
  async start(asked: number | null): Promise<void> {
    this.listen(asked ?? Number(this.places.place?.locator.page ?? 1));
    try {
      this.show(await this.opened());
    } catch (error) {
      const { damaged, locked } = this.told.words;
      const isLocked = error instanceof Error && error.name === "PasswordException";
      apologise((isLocked ? locked : damaged) ?? "");
    }
  }

  private opened(): Promise<PDFDocumentProxy> {
    const { worker = "", parts = "" } = this.stage.dataset;
    GlobalWorkerOptions.workerSrc = worker;
    const source = new Source(this.told);
    const lost = (): void => {
      apologise(this.told.words.lost ?? "");
    };
    return getDocument({
      range: new Transport(this.told.size, source, lost),
      rangeChunkSize: FIRST_PIECE,
      disableAutoFetch: true,
      disableStream: true,
      enableXfa: false,
      isEvalSupported: false,
      cMapUrl: `${parts}cmaps/`,
      cMapPacked: true,
      standardFontDataUrl: `${parts}fonts/`,
      wasmUrl: `${parts}wasm/`,
      iccUrl: `${parts}iccs/`,
    }).promise;
  }

  go(page: number): void {
    if (page >= 1 && page <= this.count) this.viewer.currentPageNumber = page;
  }

  private show(document: PDFDocumentProxy): void {
    this.texts = new Texts(document, this.told.texts);
    this.links.setDocument(document);
    this.viewer.setDocument(document);
    this.small = new SmallPages(document, (page) => {
      this.go(page);
      if (isNarrow()) open("side", false);
    });
    const count = part("count");
    if (count) count.textContent = String(document.numPages);
    void linesOf(document, this.links).then((lines) => {
      writeContents(lines, this.told.words.without ?? "");
    });
    void this.offerWords(this.texts);
    void this.marks.start();
    void new Keeping(this.told, new Source(this.told)).start();
  }

  /** Offer what needs words, or say that there are none. */
  private async offerWords(texts: Texts): Promise<void> {
    if (await texts.areMissing()) {
      tellWordless();
      return;
    }
    const button = Aloud.button();
    if (button) new Aloud(button, new SpokenPages(texts, this));
  }

  private listen(first: number): void {
    this.bus.on("pagesinit", () => {
      this.viewer.currentScaleValue = isNarrow() ? "page-width" : "auto";
      this.go(first);
      this.name();
      this.tell(this.page);
      const words = wordsAsked();
      if (words) void this.finder.look(words, first);
    });
    this.bus.on("pagesloaded", () => {
      this.name();
    });
    this.bus.on("pagerendered", opened);
    this.bus.on("pagechanging", ({ pageNumber }: { pageNumber: number }) => {
      this.tell(pageNumber);
      this.places.keep({ page: pageNumber }, pageNumber / this.count, this.label(pageNumber));
    });
    const deeds = this.deeds();
    startButtons(deeds);
    startKeys(deeds);
    startEscape();
    startFinding((asked) => this.finder.look(asked), this.hits);
    part("goto")?.addEventListener("submit", (event) => {
      event.preventDefault();
      this.goTyped();
    });
    part("goto")
      ?.querySelector("input")
      ?.addEventListener("change", () => {
        this.goTyped();
      });
    document.addEventListener("selectionchange", () => {
      part("highlight")?.toggleAttribute("disabled", !this.inking.chosen());
    });
    if (!document.fullscreenEnabled) part("full")?.remove();
  }

  private deeds(): Deeds {
    return {
      before: () => {
        this.go(this.page - 1);
      },
      after: () => {
        this.go(this.page + 1);
      },
      first: () => {
        this.go(1);
      },
      last: () => {
        this.go(this.count);
      },
      smaller: () => {
        this.viewer.decreaseScale();
      },
      larger: () => {
        this.viewer.increaseScale();
      },
      whole: () => {
        this.viewer.currentScaleValue = "page-fit";
      },
      wide: () => {
        this.viewer.currentScaleValue = "page-width";
      },
      full: toggleFullScreen,
      "key-bookmark": () => {
        this.marks.bookmark();
      },
      highlight: () => {
        if (!this.inking.chosen()) return;
        this.marks.add("highlight", "yellow");
        document.getSelection()?.removeAllRanges();
      },
      ...panelDeeds(["side", "search", "marks"], (name) => {
        if (name === "side") this.small?.draw(this.page);
      }),
    };
  }

  private goTyped(): void {
    const input = part("goto")?.querySelector("input");
    const page = Number(input?.value);
    if (Number.isInteger(page)) this.go(page);
    if (input) input.value = String(this.page);
  }

  private tell(page: number): void {
    const input = part("goto")?.querySelector("input");
    if (input) input.value = String(page);
    part("before")?.toggleAttribute("disabled", page <= 1);
    part("after")?.toggleAttribute("disabled", page >= this.count);
    if (isOpen("side")) this.small?.point(page);
    say(this.label(page));
  }

  /** Each page is a part of the screen: say which. */
  private name(): void {
    for (const page of this.stage.querySelectorAll<HTMLElement>(".page"))
      page.setAttribute("aria-label", this.label(Number(page.dataset.pageNumber)));
  }

  private label(page: number): string {
    return `${this.told.words.page ?? ""} ${String(page)}`;
  }
}

/** Only pictures of pages: what works with words alone goes, and the reader is told why. */
function tellWordless(): void {
  const note = part("wordless");
  if (!note) return;
  open("search", false);
  for (const button of document.querySelectorAll<HTMLElement>(
    "[data-reading=search], [data-reading=highlight]",
  ))
    button.remove();
  note.hidden = false;
}

function say(words: string): void {
  const said = part("said");
  if (said) said.textContent = words;
}

function toggleFullScreen(): void {
  if (document.fullscreenElement) void document.exitFullscreen();
  else document.documentElement.requestFullscreen().catch(() => undefined);
}
