import type { Keeper } from "./keeper";
import {
  LOAN,
  type Deed,
  type DeskEvent,
  type Found,
  type ItemRow,
  type Newcomer,
  type PatronRow,
  type Registration,
  type Return,
  type Shown,
  type Verdict,
} from "./types";

interface Book {
  libraries: Record<string, { name: string } | undefined>;
  categories: Record<string, { name: string } | undefined>;
}

interface Registered {
  faults: Registration["faults"];
  patron: Shown | null;
}

/** The deeds of the desk, decided by the library's rules and written down here. */
export class OfflineDesk {
  private read: { text: string; book: Book } | undefined;

  constructor(private readonly keeper: Keeper) {}

  private get book(): Book {
    const text = this.keeper.meta.book ?? '{"libraries":{},"categories":{}}';
    if (this.read?.text !== text) this.read = { text, book: JSON.parse(text) as Book };
    return this.read.book;
  }

  categories(): { code: string; name: string }[] {
    return Object.entries(this.book.categories)
      .map(([code, entry]) => ({ code, name: entry?.name ?? code }))
      .sort((one, other) => one.name.localeCompare(other.name, "vi"));
  }

  nextCard(): string {
    return this.keeper.cards().free[0] ?? "";
  }

  /** Find what was scanned or typed: first exactly, then by words. */
  find(text: string): Found {
    const { shelf } = this.keeper;
    const nothing: Found = { item: null, holder: null, patron: null, patrons: [], items: [] };
    const item = shelf.itemBy(text);
    if (item) return { ...nothing, item, holder: this.holderOf(item) ?? null };
    const patron = shelf.patronBy(text);
    if (patron) return { ...nothing, patron: this.show(patron[0]) };
    const patrons = this.named(text);
    const only = patrons.length === 1 ? patrons[0] : undefined;
    if (only) return { ...nothing, patron: this.show(only[0]) };
    return { ...nothing, patrons, items: shelf.itemsLike(text) };
  }

  private named(text: string): PatronRow[] {
    if (!/\p{L}/u.test(text)) return [];
    const folded = this.ask({ ask: "fold", text }) as { text: string };
    return this.keeper.shelf.patronsLike(folded.text);
  }

  show(id: number): Shown | null {
    const patron = this.patron(id);
    if (!patron) return null;
    return {
      patron,
      category: this.book.categories[patron[4]]?.name ?? patron[4],
      library: this.book.libraries[String(patron[5])]?.name ?? "",
      isExpired: patron[6] < today(),
      loans: this.keeper.shelf.loansOf(patron[0]),
    };
  }

  /** A reader registered here whom the library knows by now is the one that it knows. */
  private patron(id: number): PatronRow | undefined {
    const known = id < 0 ? (this.keeper.becameOf(id) ?? id) : id;
    return this.keeper.shelf.patron(known);
  }

  private holderOf(item: ItemRow | null | undefined): PatronRow | undefined {
    return this.keeper.shelf.patron(item?.[LOAN]?.patron ?? 0);
  }

  async lend(patronId: number, itemId: number, override: string[]): Promise<Deed> {
    const item = this.keeper.shelf.item(itemId) ?? null;
    const patron = this.patron(patronId);
    if (!item || !patron) return { done: false, item, patron: null, problem: "unknown_reader" };
    return this.decide("check_out", item, patron, override);
  }

  async renew(itemId: number, override: string[]): Promise<Deed> {
    const item = this.keeper.shelf.item(itemId) ?? null;
    const patron = this.holderOf(item);
    if (!item || !patron) return { done: false, item, patron: null, problem: "not_on_loan" };
    return this.decide("renew", item, patron, override);
  }

  /** Ask the rules; where they allow it, write it down. */
  private async decide(
    kind: "check_out" | "renew",
    item: ItemRow,
    patron: PatronRow,
    override: string[],
  ): Promise<Deed> {
    const verdict = this.judge(kind, item, patron, override);
    if (!verdict.allowed || verdict.due_at === null) return this.refused(item, patron, verdict);
    await this.keeper.note(kind, {
      item: item[0],
      barcode: item[2],
      due_at: verdict.due_at,
      waived: verdict.waived,
      ...this.naming(patron),
    });
    return { done: true, item, patron: this.show(patron[0]), verdict };
  }

  /** Take back whatever lies on the desk; also a copy that the device does not know. */
  async takeBack(itemId: number | null, barcode: string): Promise<Deed> {
    const item = (itemId === null ? null : this.keeper.shelf.item(itemId)) ?? null;
    if (!item) {
      await this.keeper.note("check_in", { barcode });
      return { done: true, item, patron: null };
    }
    const holder = this.holderOf(item);
    const back = this.ask({ ask: "check_in", now: now(), item }) as Return;
    await this.keeper.note("check_in", { item: item[0], barcode: item[2] });
    return { done: true, item, patron: holder ? this.show(holder[0]) : null, back };
  }

  async register(newcomer: Newcomer): Promise<Registered> {
    const answer = this.ask({ ask: "register", now: now(), newcomer }) as Registration;
    if (this.keeper.shelf.patronBy(answer.card)) {
      return { faults: [{ field: "card", text: "" }], patron: null };
    }
    if (answer.faults.length > 0) return { faults: answer.faults, patron: null };
    const data = { ...newcomer, card: answer.card };
    const library = this.keeper.device?.library.id ?? 0;
    const kept = await this.keeper.note("register", { newcomer: data }, (number) =>
      rowOf(number, data, answer, library),
    );
    return { faults: [], patron: this.show(kept.row?.[0] ?? 0) };
  }

  private judge(ask: string, item: ItemRow, patron: PatronRow, override: string[]): Verdict {
    return this.ask({
      ask,
      now: now(),
      patron,
      item,
      held: this.keeper.shelf.loansOf(patron[0]),
      lends_for: this.keeper.operator?.lendsFor ?? [],
      override,
    }) as Verdict;
  }

  private ask(question: Record<string, unknown>): unknown {
    if (!this.keeper.engine) throw new Error("no rules");
    return this.keeper.engine.ask(question);
  }

  private refused(item: ItemRow, patron: PatronRow, verdict: Verdict): Deed {
    const may = new Set(this.keeper.operator?.may);
    const mayWaive = verdict.waivable && verdict.permissions.every((needed) => may.has(needed));
    return { done: false, item, patron: this.show(patron[0]), verdict, mayWaive };
  }

  private naming(patron: PatronRow): Pick<DeskEvent, "patron" | "registered"> {
    const registered = this.keeper.shelf.registrationOf(patron[0]);
    return registered === undefined ? { patron: patron[0] } : { registered };
  }
}

function rowOf(
  number: number,
  newcomer: Newcomer,
  { words, expires_on }: Registration,
  library: number,
): PatronRow {
  const { card, name, category, birth_on } = newcomer;
  return [-number, card, name, words, category, library, expires_on, "active", birth_on, [], {}];
}

function now(): string {
  return new Date().toISOString();
}

/** The library's day, wherever the browser believes to be. */
function today(): string {
  return new Intl.DateTimeFormat("sv-SE", { timeZone: "Asia/Ho_Chi_Minh" }).format(new Date());
}
