import { each } from "./dom";

const PAUSE = 150;
const SHORTEST = 2;

/**
 * Suggestions as one types, after the ARIA 1.2 combobox pattern.
 *
 * The server at `data-suggest` answers `?q=` with `<li role="option" data-value="…">` lines;
 * `data-href` on a line goes to that page at once, otherwise the form is sent with the value.
 */
class Combobox {
  private readonly list: HTMLUListElement;
  private waiting: ReturnType<typeof setTimeout> | undefined;
  private request: AbortController | undefined;
  private chosen = -1;

  constructor(
    private readonly input: HTMLInputElement,
    private readonly address: string,
    place: HTMLElement,
  ) {
    this.list = document.createElement("ul");
    this.list.id = `${input.id || input.name}-suggestions`;
    this.list.className = "suggestions";
    this.list.hidden = true;
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", input.dataset.suggestLabel ?? "");
    place.append(this.list);
    for (const [name, value] of [
      ["role", "combobox"],
      ["autocomplete", "off"],
      ["aria-autocomplete", "list"],
      ["aria-expanded", "false"],
      ["aria-controls", this.list.id],
    ] as const) {
      input.setAttribute(name, value);
    }
    this.listen();
  }

  private listen(): void {
    this.input.addEventListener("input", () => {
      this.ask();
    });
    this.input.addEventListener("keydown", (event) => {
      this.key(event);
    });
    this.input.addEventListener("blur", () => {
      this.close();
    });
    // mousedown, not click: the input must not lose the focus first.
    this.list.addEventListener("mousedown", (event) => {
      event.preventDefault();
      const option = (event.target as Element).closest<HTMLElement>("[role=option]");
      if (option) this.take(option);
    });
  }

  private get options(): HTMLElement[] {
    return [...this.list.querySelectorAll<HTMLElement>("[role=option]")];
  }

  private ask(): void {
    clearTimeout(this.waiting);
    const words = this.input.value.trim();
    if (words.length < SHORTEST) {
      this.close();
      return;
    }
    this.waiting = setTimeout(() => void this.fetch(words), PAUSE);
  }

  private async fetch(words: string): Promise<void> {
    this.request?.abort();
    const request = new AbortController();
    this.request = request;
    try {
      const address = `${this.address}?q=${encodeURIComponent(words)}`;
      const answer = await fetch(address, {
        signal: request.signal,
        headers: { "HX-Request": "true" },
      });
      if (!answer.ok) throw new Error(String(answer.status));
      this.show(await answer.text());
    } catch {
      if (this.request === request) this.close(); // suggestions are a help: silence when there are none
    }
  }

  private show(html: string): void {
    this.list.innerHTML = html;
    this.options.forEach((option, place) => {
      option.id = `${this.list.id}-${String(place)}`;
      option.setAttribute("aria-selected", "false");
    });
    this.chosen = -1;
    const open = this.options.length > 0 && document.activeElement === this.input;
    this.list.hidden = !open;
    this.input.setAttribute("aria-expanded", String(open));
    this.input.removeAttribute("aria-activedescendant");
  }

  private close(): void {
    clearTimeout(this.waiting);
    this.request?.abort();
    this.list.hidden = true;
    this.chosen = -1;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }

  private key(event: KeyboardEvent): void {
    if (event.isComposing || this.list.hidden) return;
    const option = this.options[this.chosen];
    if (event.key === "ArrowDown") this.move(1);
    else if (event.key === "ArrowUp") this.move(-1);
    else if (event.key === "Escape") this.close();
    else if (event.key === "Enter" && option) this.take(option);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  private move(step: number): void {
    const { options } = this;
    // One place before the first is the input itself, with the words as they were typed.
    const places = options.length + 1;
    this.chosen = ((this.chosen + 1 + step + places) % places) - 1;
    options.forEach((option, place) => {
      option.setAttribute("aria-selected", String(place === this.chosen));
    });
    const option = options[this.chosen];
    if (!option) {
      this.input.removeAttribute("aria-activedescendant");
      return;
    }
    this.input.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  }

  private take(option: HTMLElement): void {
    this.close();
    const { href, value } = option.dataset;
    if (href) {
      window.location.assign(href);
      return;
    }
    this.input.value = value ?? option.textContent.trim();
    this.input.form?.requestSubmit();
  }
}

export function startSuggestions(): void {
  each("input[data-suggest]", (input) => {
    const address = input.dataset.suggest;
    const place = input.closest<HTMLElement>(".search") ?? input.parentElement;
    if (!(input instanceof HTMLInputElement) || !address || !place) return;
    if (input.getAttribute("role") === "combobox") return;
    new Combobox(input, address, place);
  });
}
