import { Engine } from "./engine";
import { Shelf } from "./shelf";
import { Store, type Door, type Meta } from "./store";
import type {
  Device,
  DeskEvent,
  ItemRow,
  Kept,
  Kind,
  Operator,
  PatronRow,
  Session,
  Settings,
  Standing,
} from "./types";
import { bytesOf, hex, idOf, openKeys, unwrap, wrap, type Keys } from "./vault";

const MOST_FAILURES = 5;

/** One run of the browser: its monotonic clock begins with it. */
const RUN = crypto.randomUUID();

export type Opening = "opened" | "wrong" | "shut" | "logged_out";

/** All that the desk holds while it is open: keys, rows, deeds, rules. */
export class Keeper {
  readonly shelf = new Shelf();
  keys: Keys | undefined;
  engine: Engine | undefined;
  meta: Meta = {};
  doors: Door[] = [];
  queue: Kept[] = [];
  operator: Operator | null = null;
  session: Session | null = null;
  line: Standing["line"] = "unknown";
  taking: Standing["taking"] = null;
  trouble = "";
  isRevoked = false;
  private readonly born = new Map<number, string>();
  private starting: Promise<Engine> | undefined;

  private constructor(
    readonly settings: Settings,
    readonly store: Store,
    private readonly tell: (keeper: Keeper) => void,
  ) {}

  /** Say that something is different now. */
  changed(): void {
    this.tell(this);
  }

  static async start(settings: Settings, tell: (keeper: Keeper) => void): Promise<Keeper> {
    const keeper = new Keeper(settings, await Store.open(), tell);
    keeper.meta = await keeper.store.meta();
    keeper.doors = await keeper.store.doors();
    return keeper;
  }

  get device(): Device | null {
    return this.meta.device ?? null;
  }

  get isOpen(): boolean {
    return this.keys !== undefined;
  }

  async standing(): Promise<Standing> {
    return {
      phase: this.phase(),
      line: this.line,
      device: this.device,
      users: this.doors.map(({ operator }) => ({ id: operator.id, name: operator.name })),
      session: this.session,
      operator: this.operator,
      waiting: this.isOpen ? this.queue.length : await this.store.queued(),
      toDo: this.meta.toDo ?? 0,
      takenAt: this.meta.takenAt ?? null,
      taking: this.taking,
      isEngineReady: this.engine?.isReady === true,
      isWhole: this.meta.isWhole === true,
      trouble: this.trouble,
    };
  }

  private phase(): Standing["phase"] {
    if (this.isRevoked) return "revoked";
    if (!this.meta.device) return "new";
    return this.isOpen ? "open" : "locked";
  }

  /** Start the rules; asked for early, for it takes some seconds. */
  async warm(): Promise<Engine> {
    this.starting ??= Engine.start(this.settings);
    try {
      this.engine = await this.starting;
    } catch (error) {
      this.starting = undefined;
      throw error;
    }
    return this.engine;
  }

  async readBook(): Promise<void> {
    try {
      const engine = await this.warm();
      if (this.meta.book) engine.read(this.meta.book);
    } catch (error) {
      console.error(error);
      this.trouble = "rules";
    }
    this.changed();
  }

  async remember(values: Meta): Promise<void> {
    Object.assign(this.meta, values);
    await this.store.remember(values);
  }

  /** Open with keys that the server has just handed out. */
  async openWith(handed: { data: string; file: string }, session: Session): Promise<void> {
    const raw = new Uint8Array([...bytesOf(handed.data), ...bytesOf(handed.file)]);
    await this.remember({ keyId: hex(await idOf(raw.slice(0, 32))) });
    await this.unlocked(await openKeys(raw), operatorOf(session));
  }

  async setPin(pin: string, half: string): Promise<void> {
    if (!this.keys || !this.operator) throw new Error("locked");
    const wrapped = await wrap(this.keys, pin, half);
    const door: Door = { user: this.operator.id, operator: this.operator, wrapped, failures: 0 };
    await this.store.putDoor(door);
    this.doors = await this.store.doors();
  }

  hasPin(user: number): boolean {
    return this.doors.some((door) => door.user === user);
  }

  /** Open with the PIN. The try is counted before it is made, so that pulling the plug helps nobody. */
  async openByPin(user: number, pin: string, half: string): Promise<Opening> {
    const door = this.doors.find((each) => each.user === user);
    if (!door) return "shut";
    if (!half) return "logged_out";
    await this.store.putDoor({ ...door, failures: door.failures + 1 });
    const keys = await unwrap(door.wrapped, pin, half);
    if (!keys) return this.failed(door);
    await this.store.putDoor({ ...door, failures: 0 });
    this.doors = await this.store.doors();
    await this.unlocked(keys, door.operator);
    return "opened";
  }

  private async failed(door: Door): Promise<Opening> {
    if (door.failures + 1 >= MOST_FAILURES) await this.store.removeDoor(door.user);
    this.doors = await this.store.doors();
    return this.hasPin(door.user) ? "wrong" : "shut";
  }

  private async unlocked(keys: Keys, operator: Operator): Promise<void> {
    this.keys = keys;
    this.operator = operator;
    await this.readAll();
    this.changed();
    await this.readBook();
  }

  /** Bring everything from the disk into memory. */
  private async readAll(): Promise<void> {
    if (!this.keys) return;
    this.shelf.clear();
    const [patrons, items, queue] = await Promise.all([
      this.store.rows("patrons", this.keys.data),
      this.store.rows("items", this.keys.data),
      this.store.queue(this.keys.data),
    ]);
    for (const row of patrons) this.shelf.putPatron(row as PatronRow);
    for (const row of items) this.shelf.putItem(row as ItemRow);
    this.queue = queue;
    for (const { event, row } of queue) if (row) this.born.set(row[0], event.id);
    this.lay();
  }

  /** The card numbers kept for this device: those still free, and those that readers have by now. */
  cards(): { free: string[]; used: string[] } {
    const kept = this.meta.cards ?? [];
    const isUsed = (card: string): boolean => this.shelf.patronBy(card) !== undefined;
    return { free: kept.filter((card) => !isUsed(card)), used: kept.filter(isUsed) };
  }

  /** Put the deeds of the queue over the rows. */
  lay(): void {
    this.shelf.apply(this.queue, this.meta.aliases ?? {}, this.device?.library.id ?? 0);
  }

  lock(): void {
    this.keys = undefined;
    this.operator = null;
    this.queue = [];
    this.shelf.clear();
    this.changed();
  }

  /** After logging out nothing here opens without the library: the doors are walled up. */
  async forgetDoors(): Promise<void> {
    for (const door of this.doors) await this.store.removeDoor(door.user);
    this.doors = [];
    this.changed();
  }

  /** The number by which the library knows a reader who was registered here under this one. */
  becameOf(id: number): number | undefined {
    const uid = this.born.get(id);
    return uid === undefined ? undefined : this.meta.aliases?.[uid];
  }

  /** Write down a deed. Once this returns, it survives the power going off. */
  async note(
    kind: Kind,
    values: Partial<DeskEvent>,
    row?: (number: number) => PatronRow,
  ): Promise<Kept> {
    const keys = this.keys;
    const operator = this.operator;
    if (!keys || !operator) throw new Error("locked");
    const make = (number: number): Kept => ({
      event: {
        id: crypto.randomUUID(),
        number,
        kind,
        ...clocks(),
        user: operator.id,
        rules: this.settings.rules,
        ...values,
      },
      ...(row && { row: row(number) }),
    });
    const kept = await this.store.enqueue(make, keys.data);
    this.queue.push(kept);
    if (kept.row) this.born.set(kept.row[0], kept.event.id);
    this.shelf.add(kept, this.device?.library.id ?? 0);
    this.changed();
    return kept;
  }
}

export function clocks(): { wall: string; run: string; ticks: number } {
  return { wall: new Date().toISOString(), run: RUN, ticks: Math.round(performance.now()) };
}

export function operatorOf(session: Session): Operator {
  const { id, name } = session.user;
  return { id, name, may: session.may, lendsFor: session.lends_for };
}
