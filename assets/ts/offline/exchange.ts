import { clocks, operatorOf, type Keeper } from "./keeper";
import { Line, LoggedOut, Refused, type News, type Receipt, type Result } from "./line";
import type { Part, Row } from "./store";
import type { DeskEvent, ItemRow, PatronRow, Session } from "./types";

const BATCH = 100;
const EVERY = 30_000;
const LONGEST = 300_000;
const FEW_CARDS = 10;

/** Keeps what the device holds and what the library knows alike, whenever there is a line. */
export class Exchange {
  readonly line: Line;
  private running: Promise<void> | undefined;
  private again = false;
  private failures = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly keeper: Keeper) {
    this.line = new Line(keeper.settings.page);
  }

  /** Do it soon; a second wish while it runs makes it run once more. */
  soon(delay = 0): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.run(), delay);
  }

  async run(): Promise<void> {
    if (this.running) {
      this.again = true;
      return this.running;
    }
    this.running = this.once().finally(() => {
      this.running = undefined;
      const next = this.again ? 0 : Math.min(EVERY * 2 ** this.failures, LONGEST);
      this.again = false;
      this.soon(this.failures > 0 ? Math.max(next, 5_000) : next);
    });
    return this.running;
  }

  private async once(): Promise<void> {
    const keeper = this.keeper;
    try {
      await this.ask();
      if (keeper.isOpen && keeper.line === "online") await this.equalise();
      this.failures = 0;
      keeper.trouble = "";
    } catch (error) {
      this.failed(error);
    }
    keeper.changed();
  }

  private failed(error: unknown): void {
    const keeper = this.keeper;
    this.failures = Math.min(this.failures + 1, 4);
    keeper.taking = null;
    if (error instanceof LoggedOut) {
      keeper.line = "login";
      keeper.session = null;
    } else if (error instanceof Refused) {
      keeper.trouble = error.code;
      if (error.code === "device_revoked") void this.shutOut();
    } else {
      keeper.line = "offline";
      keeper.session = null;
    }
  }

  /** Ask who is logged in, and how this device stands. */
  async ask(): Promise<Session> {
    const keeper = this.keeper;
    const session = await this.line.session(keeper.device?.uid ?? "");
    this.line.csrf = session.csrf;
    keeper.session = session;
    keeper.line = mayWork(session, keeper.device !== null) ? "online" : "forbidden";
    if (session.device) await keeper.remember({ toDo: session.device.to_do });
    if (session.device?.revoked) await this.shutOut();
    return session;
  }

  /** The library has shut this device out: tell what was done, then forget everything else. */
  private async shutOut(): Promise<void> {
    const keeper = this.keeper;
    if (keeper.isOpen) await this.hand().catch(() => undefined);
    keeper.lock();
    keeper.isRevoked = true;
    await keeper.store.forget();
    keeper.doors = [];
    keeper.changed();
  }

  private async equalise(): Promise<void> {
    const keeper = this.keeper;
    if (keeper.session && keeper.operator?.id === keeper.session.user.id) {
      keeper.operator = operatorOf(keeper.session);
    }
    await this.hand();
    await this.takeBook();
    if (!keeper.meta.isWhole || !keeper.meta.position) await this.takeAll();
    else await this.takeNews();
    await this.takeCards();
    await keeper.remember({ takenAt: new Date().toISOString() });
  }

  /** Hand over what was done, a batch at a time, until the library has dealt with all of it. */
  private async hand(): Promise<void> {
    const keeper = this.keeper;
    const uid = keeper.device?.uid;
    while (uid && keeper.queue.length > 0) {
      const batch = keeper.queue.slice(0, BATCH).map(({ event }) => event);
      const before = keeper.queue.length;
      await this.settle(await this.tell(uid, batch));
      keeper.changed();
      if (keeper.queue.length === before) await pause(1_000);
    }
  }

  private async tell(uid: string, batch: DeskEvent[]): Promise<Receipt> {
    const after = this.keeper.meta.acknowledged ?? 0;
    try {
      return await this.line.hand(uid, after, clocks(), batch);
    } catch (error) {
      if (!(error instanceof Refused) || error.code !== "events_missing") throw error;
      // The library was put back from an older copy: what it lost it has to be told again by people.
      await this.keeper.remember({ acknowledged: Number(error.data.after) });
      return this.line.hand(uid, Number(error.data.after), clocks(), batch);
    }
  }

  private async settle(receipt: Receipt): Promise<void> {
    const keeper = this.keeper;
    const settled = new Map(
      receipt.results.filter(({ state }) => state !== "waiting").map((each) => [each.id, each]),
    );
    if (receipt.rows) await this.put(receipt.rows);
    const over = keeper.queue.filter(({ event }) => settled.has(event.id));
    const aliases = { ...keeper.meta.aliases };
    for (const { event } of over) alias(aliases, event.kind, settled.get(event.id));
    const last = Math.max(keeper.meta.acknowledged ?? 0, ...over.map(({ event }) => event.number));
    await keeper.remember({ aliases, acknowledged: last, toDo: receipt.to_do });
    await keeper.store.dequeue(over.map(({ event }) => event.number));
    keeper.queue = keeper.queue.filter(({ event }) => !settled.has(event.id));
    keeper.lay();
  }

  private async takeBook(): Promise<void> {
    const keeper = this.keeper;
    const uid = keeper.device?.uid ?? "";
    const found = await this.line.book(uid, keeper.meta.bookVersion ?? "");
    if (!found) return;
    await keeper.remember({ bookVersion: found.version, book: JSON.stringify(found.book) });
    await keeper.readBook();
  }

  /** Take everything anew; what was there stays in use until all of it has come. */
  private async takeAll(): Promise<void> {
    const keeper = this.keeper;
    const uid = keeper.device?.uid ?? "";
    const { position, cards } = await this.line.ready(uid, keeper.cards().used);
    const patrons = await this.takePart<PatronRow>("patrons");
    const items = await this.takePart<ItemRow>("items");
    if (!keeper.keys) return;
    await keeper.remember({ isWhole: false, position, cards });
    await keeper.store.clearRows();
    keeper.shelf.clear();
    for (const row of patrons) keeper.shelf.putPatron(row);
    for (const row of items) keeper.shelf.putItem(row);
    await keeper.store.write(
      "patrons",
      keeper.shelf.patrons.keys(),
      keeper.shelf.patrons,
      keeper.keys.data,
    );
    await keeper.store.write(
      "items",
      keeper.shelf.items.keys(),
      keeper.shelf.items,
      keeper.keys.data,
    );
    await keeper.remember({ isWhole: true });
    keeper.taking = null;
    keeper.lay();
    await this.takeNews();
  }

  /** Ask for further card numbers before the last ones are given away. */
  private async takeCards(): Promise<void> {
    const { free, used } = this.keeper.cards();
    if (used.length === 0 || free.length >= FEW_CARDS) return;
    const { cards } = await this.line.ready(this.keeper.device?.uid ?? "", used);
    await this.keeper.remember({ cards });
  }

  private async takePart<T extends Row>(part: Part): Promise<T[]> {
    const keeper = this.keeper;
    const rows: T[] = [];
    for (let after: number | null = 0; after !== null;) {
      const page: { rows: T[]; last: number | null } = await this.line.page<T>(
        keeper.device?.uid ?? "",
        part,
        after,
      );
      rows.push(...page.rows);
      keeper.taking = { done: rows.length, part };
      keeper.changed();
      after = page.last;
    }
    return rows;
  }

  private async takeNews(): Promise<void> {
    const keeper = this.keeper;
    for (let more = true; more;) {
      const news = await this.line.news(keeper.device?.uid ?? "", keeper.meta.position ?? "");
      if (news.anew) {
        await keeper.remember({ isWhole: false });
        return this.takeAll();
      }
      await this.put(news);
      await keeper.remember({ position: news.position });
      keeper.lay();
      more = news.more === true;
    }
  }

  /** Put rows as they are now in place of what was known. */
  private async put(news: News): Promise<void> {
    const { shelf, store, keys } = this.keeper;
    if (!keys) return;
    const { patrons, items, gone_patrons, gone_items } = { ...NOTHING, ...news };
    for (const row of patrons) shelf.putPatron(row);
    for (const row of items) shelf.putItem(row);
    for (const id of gone_patrons) shelf.removePatron(id);
    for (const id of gone_items) shelf.removeItem(id);
    const numbers = (rows: Row[], gone: number[]): number[] => [
      ...rows.map((row) => row[0]),
      ...gone,
    ];
    await store.write("patrons", numbers(patrons, gone_patrons), shelf.patrons, keys.data);
    await store.write("items", numbers(items, gone_items), shelf.items, keys.data);
  }
}

const NOTHING = { patrons: [], items: [], gone_patrons: [], gone_items: [] };

function mayWork(session: Session, isDevice: boolean): boolean {
  return session.may_use && (!isDevice || session.device !== null);
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((go) => setTimeout(go, milliseconds));
}

/** A reader registered here is henceforth the one that the library knows. */
function alias(aliases: Record<string, number>, kind: string, result: Result | undefined): void {
  if (kind === "register" && result?.patron) aliases[result.id] = result.patron;
}
