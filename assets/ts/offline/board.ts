import { play } from "../sounds";
import { toast } from "../toast";
import { choices, icon, loans, make, message, outcome, reader, say, type Message } from "./draw";
import type { Remote } from "./remote";
import { Registering } from "./registering";
import { LOAN, type Deed, type Found, type ItemRow, type Shown, type Standing } from "./types";

type Mode = "lend" | "return" | "renew";

/** The desk itself: one input, the last message, the reader and what the reader has. */
export class Board {
  private mode: Mode = "lend";
  private patron: Shown | null = null;
  private said: Message | null = null;
  private found: Found | null = null;
  private waiver: { item: number; codes: string[] } | null = null;
  private readonly line: string[] = [];
  private isBusy = false;
  private isReady = false;
  private readonly registering: Registering;

  constructor(private readonly remote: Remote) {
    this.registering = new Registering(remote, (shown) => {
      this.patron = shown;
      this.said = { kind: "success", title: say("registered", { card: shown.patron[1] }) };
      play("done");
      this.draw();
    });
    this.listen();
  }

  private get input(): HTMLInputElement | null {
    return document.querySelector<HTMLInputElement>("#q");
  }

  private listen(): void {
    document.getElementById("scan-form")?.addEventListener("submit", (event) => {
      event.preventDefault();
      const input = this.input;
      if (!input?.value) return;
      this.line.push(input.value);
      input.value = "";
      void this.work();
    });
    document.addEventListener("click", (event) => {
      const target = event.target;
      const button = target instanceof Element ? target.closest<HTMLElement>("[data-do]") : null;
      if (button) void this.press(button);
    });
  }

  /** The rules are there, or not yet; a newcomer may have become a reader. */
  show(standing: Standing): void {
    const isReady = standing.isEngineReady && standing.isWhole;
    if (isReady !== this.isReady) {
      this.isReady = isReady;
      this.input?.toggleAttribute("disabled", !isReady);
      this.draw();
    }
    const taking = document.getElementById("taking");
    if (taking) {
      taking.hidden = isReady;
      const done = standing.taking;
      const words = done ? say(`taking_${done.part}`, { count: done.done }) : say("starting");
      taking.querySelector("p")?.replaceChildren(words);
    }
    if (standing.phase !== "open") this.finish();
  }

  private async press(button: HTMLElement): Promise<void> {
    const deed = button.dataset.do ?? "";
    const barcode = button.dataset.barcode ?? "";
    const { waiver } = this;
    const deeds: Record<string, () => Promise<void>> = {
      scan: () => this.once(() => this.scan(barcode)),
      reader: () => this.once(() => this.open(Number(button.dataset.id))),
      waive: () => this.once(() => this.waive(waiver)),
      register: () => this.registering.open(),
    };
    if (deed === "finish") this.finish();
    if (!isMode(deed)) await deeds[deed]?.();
    else if (barcode) await this.once(() => this.doTo(barcode, deed));
    else this.choose(deed);
  }

  private choose(mode: Mode): void {
    this.mode = mode;
    if (mode === "return") this.patron = null;
    this.clear();
    this.draw();
    this.input?.focus();
  }

  private clear(): void {
    this.said = null;
    this.found = null;
    this.waiver = null;
  }

  private finish(): void {
    this.patron = null;
    this.clear();
    this.draw();
    this.input?.focus();
  }

  /** Scans that come faster than answers wait in line; after a refusal the rest is named. */
  private async work(): Promise<void> {
    const text = this.line.shift();
    if (text === undefined || this.isBusy) {
      if (text !== undefined) this.line.unshift(text);
      return;
    }
    await this.once(() => this.scan(text));
    if (this.said?.kind === "stop" && this.line.length > 0) {
      toast(`${say("left")} ${this.line.splice(0).join(", ")}`, "stop");
    }
    await this.work();
  }

  private async once(deed: () => Promise<void>): Promise<void> {
    this.isBusy = true;
    this.clear();
    try {
      await deed();
    } catch (error) {
      const why = error instanceof Error ? error.message : "";
      this.tell({ kind: "stop", title: say("failed", { why }) });
    } finally {
      this.isBusy = false;
    }
    this.draw();
    this.input?.focus();
  }

  private tell(said: Message): void {
    this.said = said;
    play(said.kind === "stop" ? "stopped" : "done");
  }

  private async scan(text: string): Promise<void> {
    const found = await this.remote.call<Found>("find", text);
    if (found.item) await this.doWith(found.item, found, this.mode);
    else if (found.patron) this.patron = found.patron;
    else if (found.patrons.length + found.items.length > 0) this.found = found;
    else if (this.mode === "return") this.after("return", await this.takeBack(null, text));
    else this.tell({ kind: "stop", title: say("nothing_found"), text: say("nothing_found_text") });
  }

  private async open(id: number): Promise<void> {
    this.patron = await this.remote.call<Shown | null>("show", id);
  }

  private async doTo(barcode: string, mode: Mode): Promise<void> {
    const found = await this.remote.call<Found>("find", barcode);
    if (found.item) await this.doWith(found.item, found, mode);
  }

  private async doWith(item: ItemRow, found: Found, mode: Mode): Promise<void> {
    if (mode === "return") this.after("return", await this.takeBack(item[0], item[2]));
    else if (mode === "renew") this.after("renew", await this.renew(item[0], []));
    else if (this.patron) this.after("lend", await this.lend(item[0], []));
    else this.about(item, found);
  }

  private about(item: ItemRow, found: Found): void {
    const [, , , , title] = item;
    if (!item[LOAN]) {
      this.said = { kind: "info", title, text: say("card_first") };
      return;
    }
    const holder = found.holder;
    const text = holder
      ? say("on_loan_to", { name: holder[2], card: holder[1] })
      : say("on_loan_elsewhere");
    this.tell({ kind: "warn", title, text });
  }

  private lend(item: number, codes: string[]): Promise<Deed> {
    return this.remote.call<Deed>("lend", this.patron?.patron[0], item, codes);
  }

  private takeBack(item: number | null, barcode: string): Promise<Deed> {
    return this.remote.call<Deed>("takeBack", item, barcode);
  }

  private renew(item: number, codes: string[]): Promise<Deed> {
    return this.remote.call<Deed>("renew", item, codes);
  }

  private after(mode: Mode, deed: Deed): void {
    this.patron = deed.patron ?? this.patron;
    this.tell(outcome(mode, deed));
    if (deed.mayWaive && deed.item && deed.verdict) {
      this.mode = mode;
      this.waiver = { item: deed.item[0], codes: deed.verdict.codes };
    }
  }

  private async waive(waiver: Board["waiver"]): Promise<void> {
    if (!waiver) return;
    const mode = this.mode;
    const deed =
      mode === "renew"
        ? await this.renew(waiver.item, waiver.codes)
        : await this.lend(waiver.item, waiver.codes);
    this.after(mode, deed);
  }

  private draw(): void {
    this.drawTabs();
    const board = document.getElementById("board");
    if (!board) return;
    const voice = make("div", { "aria-live": "assertive" });
    if (this.said) voice.append(message(this.said));
    if (this.waiver) voice.append(this.waiverButton());
    const parts: Node[] = [voice];
    if (this.found) parts.push(choices(this.found));
    if (this.patron) {
      parts.push(make("div", { class: "desk-split" }, reader(this.patron), loans(this.patron)));
    } else if (!this.said && !this.found) parts.push(this.idle());
    board.replaceChildren(...parts);
  }

  private waiverButton(): HTMLElement {
    const label = say(this.mode === "renew" ? "renew_anyway" : "lend_anyway");
    const button = make(
      "button",
      { class: "btn", type: "button", "data-do": "waive", "data-key": "F9" },
      icon("key"),
      ` ${label} `,
      make("kbd", {}, "F9"),
    );
    const note = make("span", { class: "muted small" }, say("written_down"));
    return make("div", { class: "toolbar mt-2" }, button, note);
  }

  private idle(): HTMLElement {
    const button = make(
      "button",
      { class: "btn", type: "button", "data-do": "register" },
      icon("person-plus"),
      ` ${say("register")}`,
    );
    return make(
      "div",
      { class: "empty" },
      icon("upc-scan"),
      make("p", { class: "empty-title" }, say("ready")),
      make("p", {}, say("ready_text")),
      make("div", { class: "empty-actions" }, button),
    );
  }

  private drawTabs(): void {
    for (const tab of document.querySelectorAll<HTMLElement>("#desk-tabs [data-do]")) {
      if (tab.dataset.do === this.mode) tab.setAttribute("aria-current", "page");
      else tab.removeAttribute("aria-current");
    }
    this.drawPrompt();
  }

  private drawPrompt(): void {
    const isForReader = this.mode === "lend" && this.patron !== null;
    const wantsCard = this.mode === "lend" && this.patron === null;
    this.input?.setAttribute("placeholder", say(`prompt_${isForReader ? "lend_to" : this.mode}`));
    const label = say(wantsCard ? "find" : `do_${this.mode}`);
    document.querySelector("#scan-label")?.replaceChildren(label);
  }
}

function isMode(text: string): text is Mode {
  return text === "lend" || text === "return" || text === "renew";
}
