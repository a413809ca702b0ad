import { type Look, lookOf, rememberLook } from "./look";

/** The form of the look: each choice is shown at once and remembered. */
export class Controls {
  private look = lookOf();

  constructor(private readonly dress: (look: Look) => void) {}

  start(): void {
    const form = document.querySelector<HTMLFormElement>("[data-reading=look-form]");
    this.dress(this.look);
    if (!form) return;
    for (const [name, value] of Object.entries(this.look)) {
      const field = form.elements.namedItem(name);
      if (field instanceof RadioNodeList) field.value = String(value);
      else if (field instanceof HTMLInputElement) field.value = String(value);
      else if (field instanceof HTMLSelectElement) field.value = String(value);
    }
    form.addEventListener("input", () => {
      this.read(form);
      rememberLook(this.look);
      this.dress(this.look);
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
    });
  }

  private read(form: HTMLFormElement): void {
    const told = new FormData(form);
    const word = (name: keyof Look): string => {
      const value = told.get(name);
      return typeof value === "string" ? value : String(this.look[name]);
    };
    this.look = {
      theme: word("theme"),
      family: word("family"),
      flow: word("flow"),
      size: Number(word("size")),
      spacing: Number(word("spacing")),
    };
  }
}
