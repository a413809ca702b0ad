import { LOAN, type ItemRow, type Kept, type Loan, type PatronRow } from "./types";

const CHOICES = 8;

/** Fold a title roughly, for a search on the device: no marks, small letters. */
function folded(text: string): string {
  return text
    .normalize("NFD")
    .replace(/[\u0300-\u036f]/g, "")
    .replace(/[đĐ]/g, "d")
    .toLowerCase();
}

export function normal(text: string): string {
  return text
    .normalize("NFC")
    .replace(/[\s\u200b\ufeff]+/g, "")
    .toUpperCase();
}

/** Readers and copies as they were taken along, and over them what has been done since. */
export class Shelf {
  readonly patrons = new Map<number, PatronRow>();
  readonly items = new Map<number, ItemRow>();
  private readonly cards = new Map<string, number>();
  private readonly barcodes = new Map<string, number>();
  private readonly changed = new Map<number, ItemRow>();
  private readonly newcomers = new Map<number, PatronRow>();
  private readonly registrations = new Map<string, number>();
  private readonly held = new Map<number, Set<number>>();
  private titles: { words: string; id: number }[] | undefined;

  clear(): void {
    for (const each of [this.patrons, this.items, this.cards, this.barcodes, this.held]) {
      each.clear();
    }
    this.apply([], {}, 0);
  }

  putPatron(row: PatronRow): void {
    const before = this.patrons.get(row[0]);
    if (before && this.cards.get(before[1]) === row[0]) this.cards.delete(before[1]);
    this.patrons.set(row[0], row);
    this.cards.set(row[1], row[0]);
  }

  removePatron(id: number): void {
    const row = this.patrons.get(id);
    if (row && this.cards.get(row[1]) === id) this.cards.delete(row[1]);
    this.patrons.delete(id);
  }

  putItem(row: ItemRow): void {
    if (!this.items.has(row[0])) this.titles = undefined;
    this.items.set(row[0], row);
    this.barcodes.set(row[2], row[0]);
  }

  removeItem(id: number): void {
    const row = this.items.get(id);
    if (row) this.barcodes.delete(row[2]);
    this.items.delete(id);
  }

  private hold(row: ItemRow, isHeld: boolean): void {
    const loan = row[LOAN];
    if (!loan) return;
    const held = this.held.get(loan.patron) ?? new Set<number>();
    if (isHeld) held.add(row[0]);
    else held.delete(row[0]);
    this.held.set(loan.patron, held);
  }

  /** Put what was done here, and is not yet known there, over what was taken along: anew. */
  apply(queue: readonly Kept[], aliases: Readonly<Record<string, number>>, library: number): void {
    this.held.clear();
    for (const row of this.items.values()) this.hold(row, true);
    this.changed.clear();
    this.newcomers.clear();
    this.registrations.clear();
    for (const [uid, id] of Object.entries(aliases)) this.registrations.set(uid, id);
    for (const kept of queue) this.add(kept, library);
  }

  /** Put one more deed over it. */
  add(kept: Kept, library: number): void {
    const { event, row } = kept;
    if (event.kind === "register") {
      if (!row || this.registrations.has(event.id)) return;
      this.newcomers.set(row[0], row);
      this.registrations.set(event.id, row[0]);
      return;
    }
    const item = event.item === undefined ? undefined : this.item(event.item);
    if (!item) return;
    const fresh: ItemRow = [...item];
    fresh[LOAN] = this.loanAfter(kept, item[LOAN], library);
    this.hold(item, false);
    this.changed.set(item[0], fresh);
    this.hold(fresh, true);
  }

  private loanAfter({ event }: Kept, loan: Loan | null, library: number): Loan | null {
    if (event.kind === "check_in") return null;
    const due = event.due_at ?? event.wall;
    if (event.kind === "renew") {
      return loan && { ...loan, due_at: due, renewals: loan.renewals + 1 };
    }
    const patron = event.patron ?? this.registrations.get(event.registered ?? "") ?? 0;
    return { id: null, patron, due_at: due, lent_at: event.wall, renewals: 0, library };
  }

  item(id: number): ItemRow | undefined {
    return this.changed.get(id) ?? this.items.get(id);
  }

  patron(id: number): PatronRow | undefined {
    return this.newcomers.get(id) ?? this.patrons.get(id);
  }

  /** The event that registered the reader, where the library does not know of them yet. */
  registrationOf(id: number): string | undefined {
    return [...this.registrations].find(([, patron]) => patron === id && id < 0)?.[0];
  }

  itemBy(barcode: string): ItemRow | undefined {
    const id = this.barcodes.get(normal(barcode));
    return id === undefined ? undefined : this.item(id);
  }

  patronBy(card: string): PatronRow | undefined {
    const wanted = normal(card);
    const id = this.cards.get(wanted);
    const known = id === undefined ? undefined : this.patrons.get(id);
    return known ?? [...this.newcomers.values()].find((row) => row[1] === wanted);
  }

  /** What the reader has, the most urgent first. */
  loansOf(patron: number): ItemRow[] {
    const rows = [...(this.held.get(patron) ?? [])].map((id) => this.item(id));
    return rows
      .filter((row): row is ItemRow => row?.[LOAN]?.patron === patron)
      .sort((one, other) => (one[LOAN]?.due_at ?? "").localeCompare(other[LOAN]?.due_at ?? ""));
  }

  /** Readers whose name has words that begin so. */
  patronsLike(words: string): PatronRow[] {
    const wanted = words.split(" ").filter(Boolean);
    if (wanted.length === 0) return [];
    const found: PatronRow[] = [];
    for (const row of [...this.newcomers.values(), ...this.patrons.values()]) {
      const has = ` ${row[3]}`;
      if (wanted.every((word) => has.includes(` ${word}`))) found.push(row);
      if (found.length > CHOICES) break;
    }
    return found;
  }

  /** Copies with this accession number, or with these words in their titles. */
  itemsLike(text: string): ItemRow[] {
    const number = text.trim().toUpperCase();
    const wanted = folded(text).split(/\s+/).filter(Boolean);
    this.titles ??= [...this.items.values()].map((row) => ({
      words: ` ${folded(row[4])}`,
      id: row[0],
    }));
    const numbered = [...this.items.values()].filter((row) => row[3].toUpperCase() === number);
    const titled = this.titles.filter(({ words }) =>
      wanted.every((word) => words.includes(` ${word}`)),
    );
    const ids = numbered.length > 0 ? numbered.map((row) => row[0]) : titled.map(({ id }) => id);
    return ids
      .slice(0, CHOICES)
      .map((id) => this.item(id))
      .filter((row): row is ItemRow => row !== undefined);
  }
}
