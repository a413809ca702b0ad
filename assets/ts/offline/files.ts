import { clocks, type Keeper } from "./keeper";
import { idOf, seal, unseal } from "./vault";
import type { ItemRow, PatronRow } from "./types";

const MAGIC = "TANGTHU-OFFLINE 1\n";
const KEY_ID = 4;

interface Taken {
  kind: "taken";
  position: string;
  cards: string[];
  settled: Record<string, number | null>;
  book_version: string;
  book: unknown;
  patrons: PatronRow[];
  items: ItemRow[];
  to_do: number;
}

async function packed(text: string): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

async function unpacked(content: Uint8Array<ArrayBuffer>): Promise<string> {
  const stream = new Blob([content]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).text();
}

/** Write what was done into a file for a USB stick: for the library's eyes alone, and unaltered. */
export async function exportEvents(keeper: Keeper): Promise<{ name: string; content: Blob }> {
  const { device, keys } = keeper;
  if (!device || !keys) throw new Error("locked");
  const made = new Date().toISOString();
  const head = `${MAGIC}${JSON.stringify({ kind: "events", device: device.uid, made })}\n`;
  const told = {
    kind: "events",
    after: keeper.meta.acknowledged ?? 0,
    reading: clocks(),
    events: keeper.queue.map(({ event }) => event),
  };
  const context = new TextEncoder().encode(head);
  const sealed = await seal(keys.file, await packed(JSON.stringify(told)), context);
  const id = await idOf(keys.raw.slice(32, 64));
  const name = `quay-ngoai-tuyen-${made.slice(0, 16).replace(/[:T]/g, "")}.tangthu`;
  return { name, content: new Blob([context, id, sealed]) };
}

/** Read the file that the centre made for this device; the reason where it is none. */
export async function importTaken(keeper: Keeper, content: ArrayBuffer): Promise<string> {
  const { device, keys } = keeper;
  if (!device || !keys) return "locked";
  const bytes = new Uint8Array(content);
  const start = new TextDecoder().decode(bytes.slice(0, 400));
  const length = start.indexOf("\n", MAGIC.length) + 1;
  if (!start.startsWith(MAGIC) || length === 0) return "not_ours";
  if (!start.slice(0, length).includes(`"${device.uid}"`)) return "other_device";
  try {
    const sealed = bytes.slice(length + KEY_ID);
    const plain = await unpacked(await unseal(keys.file, sealed, bytes.slice(0, length)));
    const taken = JSON.parse(plain) as Taken | { kind: "events" };
    if (taken.kind !== "taken") return "not_taken";
    await lay(keeper, taken);
    return "";
  } catch {
    return "damaged";
  }
}

/**
 * Put the centre's rows in the place of those here. In memory at once, so that nobody sees a reader
 * without their loans; on the disk it counts as whole when all of it is written.
 */
async function lay(keeper: Keeper, taken: Taken): Promise<void> {
  const { shelf, store, keys } = keeper;
  if (!keys) return;
  const over = keeper.queue.filter(({ event }) => event.id in taken.settled);
  const aliases = { ...keeper.meta.aliases };
  for (const [id, patron] of Object.entries(taken.settled)) if (patron) aliases[id] = patron;
  keeper.queue = keeper.queue.filter(({ event }) => !(event.id in taken.settled));
  keeper.meta.aliases = aliases;
  shelf.clear();
  for (const row of taken.patrons) shelf.putPatron(row);
  for (const row of taken.items) shelf.putItem(row);
  keeper.lay();
  await store.remember({ isWhole: false });
  await store.clearRows();
  await store.write("patrons", shelf.patrons.keys(), shelf.patrons, keys.data);
  await store.write("items", shelf.items.keys(), shelf.items, keys.data);
  const last = Math.max(keeper.meta.acknowledged ?? 0, ...over.map(({ event }) => event.number));
  await keeper.remember({
    aliases,
    acknowledged: last,
    position: taken.position,
    cards: taken.cards,
    bookVersion: taken.book_version,
    book: JSON.stringify(taken.book),
    isWhole: true,
    takenAt: new Date().toISOString(),
    toDo: taken.to_do,
  });
  await store.dequeue(over.map(({ event }) => event.number));
  await keeper.readBook();
}
