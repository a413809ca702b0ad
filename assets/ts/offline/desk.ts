import type { Keeper } from "./keeper";
import {
  LOAN,
  type Deed,
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
    const used = new Set(this.keeper.queue.map(({ event }) => event.newcomer?.card ?? ""));
    return this.keeper.meta.cards?.find((card) => !used.has(card)) ?? "";
  }

  /** Find what was scanned or typed: first exactly, then by words. */
  find(text: string): Found {
    const { shelf } = this.keeper;
    const nothing: Found = { item: null, holder: null, patron: null, patrons: [], items: [] };
    const item = shelf.itemBy(text);
    if (item) {
      const holder = shelf.patron(item[LOAN]?.patron ?? 0) ?? null;
      return { ...nothing, item, holder };
    }
    const patron = shelf.patronBy(text);
    if (patron) return { ...nothing, patron: this.show(patron[0]) };
    const words = this.keeper.engine?.ask<{ text: string }>({ ask: "fold", text }).text ?? "";
    const patrons = /\p{L}/u.test(text) ? shelf.patronsLike(words) : [];
    const only = patrons.length === 1 ? patrons[0] : undefined;
    if (only) return { ...nothing, patron: this.show(only[0]) };
    return { ...nothing, patrons, items: shelf.itemsLike(text) };
  }

  show(id: number): Shown | null {
    const patron = this.keeper.shelf.patron(this.known(id));
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
  private known(id: number): number {
    return id < 0 ? (this.keeper.becameOf(id) ?? id) : id;
  }

  async lend(patronId: number, itemId: number, override: string[]): Promise<Deed> {
    const { keeper } = this;
    const item = keeper.shelf.item(itemId) ?? null;
    const patron = keeper.shelf.patron(this.known(patronId));
    if (!item || !patron) return { done: false, item, patron: null, problem: "unknown_reader" };
    const verdict = this.judge("check_out", item, patron, override);
    if (!verdict.allowed || verdict.due_at === null) return this.refused(item, patron, verdict);
    await keeper.note("check_out", {
      item: item[0],
      barcode: item[2],
      due_at: verdict.due_at,
      waived: verdict.waived,
      ...this.named(patron),
    });
    return { done: true, item, patron: this.show(patron[0]), verdict };
  }

  async renew(itemId: number, override: string[]): Promise<Deed> {
    const { keeper } = this;
    const item = keeper.shelf.item(itemId) ?? null;
    const patron = keeper.shelf.patron(item?.[LOAN]?.patron ?? 0);
    if (!item?.[LOAN] || !patron)
      return { done: false, item, patron: null, problem: "not_on_loan" };
    const verdict = this.judge("renew", item, patron, override);
    if (!verdict.allowed || verdict.due_at === null) return this.refused(item, patron, verdict);
    await keeper.note("renew", {
      item: item[0],
      barcode: item[2],
      due_at: verdict.due_at,
      waived: verdict.waived,
      ...this.named(patron),
    });
    return { done: true, item, patron: this.show(patron[0]), verdict };
  }

  /** Take back whatever lies on the desk; also a copy that the device does not know. */
  async takeBack(itemId: number | null, barcode: string): Promise<Deed> {
    const { keeper } = this;
    const item = (itemId === null ? undefined : keeper.shelf.item(itemId)) ?? null;
    const holder = keeper.shelf.patron(item?.[LOAN]?.patron ?? 0);
    const back = item
      ? keeper.engine?.ask<Return>({ ask: "check_in", now: now(), item })
      : undefined;
    await keeper.note("check_in", item ? { item: item[0], barcode: item[2] } : { barcode });
    const patron = holder ? this.show(holder[0]) : null;
    return { done: true, item, patron, ...(back && { back }) };
  }

  async register(
    newcomer: Newcomer,
  ): Promise<{ faults: Registration["faults"]; patron: Shown | null }> {
    const { keeper } = this;
    const library = keeper.device?.library.id ?? 0;
    const answer = keeper.engine?.ask<Registration>({ ask: "register", now: now(), newcomer });
    if (!answer) throw new Error("no rules");
    const taken = keeper.shelf.patronBy(answer.card);
    if (taken) return { faults: [{ field: "card", text: "" }], patron: null };
    if (answer.faults.length > 0) return { faults: answer.faults, patron: null };
    const row = (number: number): PatronRow => [
      -number,
      answer.card,
      newcomer.name,
      answer.words,
      newcomer.category,
      library,
      answer.expires_on,
      "active",
      newcomer.birth_on,
      [],
      {},
    ];
    const kept = await keeper.note(
      "register",
      { newcomer: { ...newcomer, card: answer.card } },
      row,
    );
    return { faults: [], patron: this.show(kept.row?.[0] ?? 0) };
  }

  private judge(ask: string, item: ItemRow, patron: PatronRow, override: string[]): Verdict {
    const engine = this.keeper.engine;
    if (!engine) throw new Error("no rules");
    return engine.ask<Verdict>({
      ask,
      now: now(),
      patron,
      item,
      held: this.keeper.shelf.loansOf(patron[0]),
      lends_for: this.keeper.operator?.lendsFor ?? [],
      override,
    });
  }

  private refused(item: ItemRow, patron: PatronRow, verdict: Verdict): Deed {
    const may = new Set(this.keeper.operator?.may);
    const mayWaive = verdict.waivable && verdict.permissions.every((needed) => may.has(needed));
    return { done: false, item, patron: this.show(patron[0]), verdict, mayWaive };
  }

  private named(patron: PatronRow): { patron?: number; registered?: string } {
    const registered = this.keeper.shelf.registrationOf(patron[0]);
    return registered === undefined ? { patron: patron[0] } : { registered };
  }
}

function now(): string {
  return new Date().toISOString();
}

/** The library's day, wherever the browser believes to be. */
function today(): string {
  return new Intl.DateTimeFormat("sv-SE", { timeZone: "Asia/Ho_Chi_Minh" }).format(new Date());
}
