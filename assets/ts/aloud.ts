/** Reading aloud what this page shows: a scan page after page, a text part after part. */
import type { Spoken } from "./reading/aloud";
import { Aloud } from "./reading/aloud";

type Line = [string, ...number[]][];

const BLOCKS = "p, h1, h2, h3, h4, h5, h6, li, td, th";
/** The next page has its name in the bar a moment after it is turned to. */
const TURNING = 600;

/** A scan: the words of its pages come from the library. */
class Scan implements Spoken {
  constructor(private readonly address: string) {}

  async words(): Promise<string> {
    const page = document.querySelector<HTMLSelectElement>("[data-reading=goto]")?.value ?? "";
    const answer = await fetch(this.address + page).catch(() => null);
    if (!answer?.ok) return "";
    const { lines } = (await answer.json()) as { lines: Line[] };
    return lines.map((line) => line.map(([word]) => word).join(" ")).join(" ");
  }

  async next(): Promise<boolean> {
    const after = document.querySelector<HTMLAnchorElement>("[data-reading=after]");
    if (!after || after.getAttribute("aria-disabled") === "true") return false;
    after.click();
    await new Promise((done) => setTimeout(done, TURNING));
    return true;
  }
}

/** A text on the page: from the first part that is on the screen, each brought into sight. */
class Text implements Spoken {
  private at: HTMLElement | undefined;

  constructor(private readonly text: HTMLElement) {}

  words(): Promise<string> {
    this.at ??= this.blocks.find((each) => each.getBoundingClientRect().bottom > 0);
    this.mark(this.at);
    return Promise.resolve(this.at?.textContent ?? "");
  }

  next(): Promise<boolean> {
    const { blocks } = this;
    this.at = this.at && blocks[blocks.indexOf(this.at) + 1];
    if (!this.at) this.mark(undefined);
    return Promise.resolve(this.at !== undefined);
  }

  /** The parts that have no parts of their own, so that nothing is said twice. */
  private get blocks(): HTMLElement[] {
    const found = [...this.text.querySelectorAll<HTMLElement>(BLOCKS)];
    return found.filter((each) => !each.querySelector(BLOCKS) && each.textContent.trim());
  }

  private mark(now: HTMLElement | undefined): void {
    this.text.querySelector(".reading-spoken")?.classList.remove("reading-spoken");
    now?.classList.add("reading-spoken");
    now?.scrollIntoView({ block: "nearest" });
  }
}

const button = Aloud.button();
const text = document.querySelector<HTMLElement>(".reading-word");
if (button && text) new Aloud(button, new Text(text));
else if (button) new Aloud(button, new Scan(button.dataset.aloud ?? ""));
