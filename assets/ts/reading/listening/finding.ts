import { occurrences } from "../../folding";
import { keepInSight, type Timed } from "./lines";

/** Finds words in what is said as the catalogue does: "dat do" finds "đất đỏ". */
export class Finding {
  private found: HTMLElement[] = [];
  private next = 0;

  constructor(
    private readonly frame: HTMLElement,
    private readonly lines: readonly Timed[],
    private readonly go: (seconds: number) => void,
  ) {}

  start(): void {
    const form = this.frame.querySelector<HTMLFormElement>("[data-player-find]");
    const box = form?.querySelector("input");
    if (!form || !box) return;
    box.addEventListener("input", () => {
      this.mark(box.value);
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.step();
    });
    const asked = new URLSearchParams(window.location.search).get("q") ?? "";
    if (asked) {
      box.value = asked;
      this.mark(asked);
    }
  }

  private mark(asked: string): void {
    for (const line of this.found) line.classList.remove("is-found");
    this.next = 0;
    this.found = asked.trim()
      ? this.lines.map(({ element }) => element).filter((element) => holds(element, asked))
      : [];
    for (const line of this.found) line.classList.add("is-found");
    const said = this.frame.querySelector<HTMLElement>("[data-player-found]");
    if (said) said.textContent = asked.trim() ? String(this.found.length) : "";
    if (this.found[0]) keepInSight(this.found[0]);
  }

  private step(): void {
    const line = this.found[this.next];
    if (!line) return;
    this.next = (this.next + 1) % this.found.length;
    keepInSight(line);
    this.go(Number(line.dataset.playerAt));
  }
}

function holds(line: HTMLElement, asked: string): boolean {
  const parts = [...line.querySelectorAll("p")];
  return parts.some((words) => occurrences(words.innerText, asked).length > 0);
}
