import { play } from "../sounds";
import { make, say } from "./draw";
import type { Remote } from "./remote";
import type { Newcomer, Shown } from "./types";

interface Answer {
  faults: { field: string; text: string }[];
  patron: Shown | null;
}

/** The form for a reader who registers without a line. */
export class Registering {
  private readonly dialog = document.getElementById("register") as HTMLDialogElement;
  private readonly form = document.getElementById("register-form") as HTMLFormElement;

  constructor(
    private readonly remote: Remote,
    private readonly done: (shown: Shown) => void,
  ) {
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.send();
    });
  }

  async open(): Promise<void> {
    this.form.reset();
    this.blame([]);
    const [categories, card] = await Promise.all([
      this.remote.call<{ code: string; name: string }[]>("categories"),
      this.remote.call<string>("nextCard"),
    ]);
    const select = this.field("category");
    select.replaceChildren(
      ...categories.map(({ code, name }) => make("option", { value: code }, name)),
    );
    if (select instanceof HTMLSelectElement) {
      select.value = categories.some(({ code }) => code === "adult") ? "adult" : select.value;
    }
    (this.field("card") as HTMLInputElement).value = card;
    this.dialog.showModal();
    this.field("name").focus();
  }

  private field(name: string): HTMLElement {
    const found = this.form.elements.namedItem(name);
    if (!(found instanceof HTMLElement)) throw new Error(`no field ${name}`);
    return found;
  }

  private async send(): Promise<void> {
    const given = new FormData(this.form);
    const text = (name: string): string => {
      const value = given.get(name);
      return typeof value === "string" ? value.normalize("NFC").trim() : "";
    };
    const newcomer: Newcomer = {
      name: text("name"),
      category: text("category"),
      card: text("card"),
      birth_on: text("birth_on") || null,
      phone: text("phone"),
      guardian_name: text("guardian_name"),
      guardian_phone: text("guardian_phone"),
    };
    if (!newcomer.card) {
      this.blame([{ field: "card", text: say("card_needed") }]);
      return;
    }
    const answer = await this.remote.call<Answer>("register", newcomer);
    this.blame(answer.faults);
    if (!answer.patron) return;
    this.dialog.close();
    this.done(answer.patron);
  }

  private blame(faults: Answer["faults"]): void {
    for (const place of this.form.querySelectorAll<HTMLElement>(".field-errors")) {
      place.replaceChildren();
    }
    for (const { field, text } of faults) {
      const place = document.getElementById(`register-${field}-error`);
      place?.append(make("li", {}, text || say("card_taken")));
    }
    if (faults.length > 0) {
      play("stopped");
      this.field(faults[0]?.field ?? "name").focus();
    }
  }
}
