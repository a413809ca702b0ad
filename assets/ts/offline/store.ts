import { openDB, type DBSchema, type IDBPDatabase } from "idb";
import type { Device, ItemRow, Kept, Operator, PatronRow } from "./types";
import { sealJson, unsealJson, type Wrapped } from "./vault";

/** Rows are kept and encrypted by the five hundred, so that a change writes little. */
const BUCKET = 500;

export type Part = "patrons" | "items";
export type Row = PatronRow | ItemRow;

export interface Door {
  user: number;
  operator: Operator;
  wrapped: Wrapped;
  failures: number;
}

export interface Meta {
  device?: Device;
  keyId?: string;
  position?: string;
  bookVersion?: string;
  book?: string;
  takenAt?: string;
  isWhole?: boolean;
  cards?: string[];
  acknowledged?: number;
  toDo?: number;
  aliases?: Record<string, number>;
}

interface Schema extends DBSchema {
  meta: { key: string; value: unknown };
  doors: { key: number; value: Door };
  buckets: { key: string; value: Uint8Array<ArrayBuffer> };
  queue: { key: number; value: { sealed: Uint8Array<ArrayBuffer> } };
}

type Bucket = Record<number, Row>;

/** What the browser keeps. Names of tables and numbers are plain; people and books are sealed. */
export class Store {
  private constructor(private readonly db: IDBPDatabase<Schema>) {}

  static async open(): Promise<Store> {
    const db = await openDB<Schema>("tangthu-offline", 1, {
      upgrade(fresh) {
        fresh.createObjectStore("meta");
        fresh.createObjectStore("doors", { keyPath: "user" });
        fresh.createObjectStore("buckets");
        fresh.createObjectStore("queue", { autoIncrement: true });
      },
    });
    return new Store(db);
  }

  async meta(): Promise<Meta> {
    const [keys, values] = await Promise.all([this.db.getAllKeys("meta"), this.db.getAll("meta")]);
    return Object.fromEntries(keys.map((key, place) => [key, values[place]]));
  }

  async remember(values: Meta): Promise<void> {
    const work = this.db.transaction("meta", "readwrite");
    for (const [name, value] of Object.entries(values)) await work.store.put(value, name);
    await work.done;
  }

  doors(): Promise<Door[]> {
    return this.db.getAll("doors");
  }

  async putDoor(door: Door): Promise<void> {
    await this.db.put("doors", door);
  }

  async removeDoor(user: number): Promise<void> {
    await this.db.delete("doors", user);
  }

  /** Read all rows of a part. */
  async rows(part: Part, key: CryptoKey): Promise<Row[]> {
    const range = IDBKeyRange.bound(`${part}:`, `${part};`);
    const sealed = await this.db.getAll("buckets", range);
    const opened = await Promise.all(sealed.map((each) => unsealJson(key, each)));
    return opened.flatMap((bucket) => Object.values(bucket as Bucket));
  }

  /** Write the buckets in which these rows lie anew; `all` are the rows as they are now. */
  async write(
    part: Part,
    touched: Iterable<number>,
    all: ReadonlyMap<number, Row>,
    key: CryptoKey,
  ): Promise<void> {
    const numbers = new Set([...touched].map((id) => Math.floor(id / BUCKET)));
    for (const number of numbers) {
      const bucket: Bucket = {};
      for (let id = number * BUCKET; id < (number + 1) * BUCKET; id += 1) {
        const row = all.get(id);
        if (row) bucket[id] = row;
      }
      await this.db.put("buckets", await sealJson(key, bucket), `${part}:${String(number)}`);
    }
  }

  async clearRows(): Promise<void> {
    await this.db.clear("buckets");
  }

  /** Keep a deed. It is numbered and written in one transaction: after this it is not lost. */
  async enqueue(make: (number: number) => Kept, key: CryptoKey): Promise<Kept> {
    const number = await this.db.add("queue", { sealed: new Uint8Array() });
    const kept = make(number);
    await this.db.put("queue", { sealed: await sealJson(key, kept) }, number);
    return kept;
  }

  async queue(key: CryptoKey): Promise<Kept[]> {
    const found = await this.db.getAll("queue");
    const whole = found.filter((each) => each.sealed.length > 0);
    return Promise.all(whole.map(async (each) => (await unsealJson(key, each.sealed)) as Kept));
  }

  queued(): Promise<number> {
    return this.db.count("queue");
  }

  async dequeue(numbers: Iterable<number>): Promise<void> {
    const work = this.db.transaction("queue", "readwrite");
    for (const number of numbers) await work.store.delete(number);
    await work.done;
  }

  /** Forget everything but the deeds that nobody has been told of. */
  async forget(): Promise<void> {
    await Promise.all([this.db.clear("buckets"), this.db.clear("doors")]);
  }
}
