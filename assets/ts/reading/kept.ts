/** The cache of a kept document is named by where the document is read; its end is noted in it. */
const PREFIX = "reading/";
/** What an address ends with that is to be answered from what is kept, line or no line. */
export const FROM_KEPT = "?kept=";

/** Until when a document is kept: null for ever; and whether all of it is there yet. */
interface Note {
  due: number | null;
  isPart?: boolean;
}

export function cacheOf(home: string): string {
  return `reading${home}`;
}

/** Where the document in the cache of this name is read. */
export function homeOf(name: string): string {
  return name.slice(PREFIX.length - 1);
}

export async function keptNames(): Promise<string[]> {
  return (await caches.keys()).filter((name) => name.startsWith(PREFIX));
}

/** When the document goes: null for never, undefined while it is not kept. */
export async function dueOf(name: string): Promise<number | null | undefined> {
  return (await read(name))?.due;
}

export async function isWhole(name: string): Promise<boolean> {
  const found = await read(name);
  return found !== undefined && !found.isPart;
}

export async function noteDue(name: string, due: number | null, isPart = false): Promise<void> {
  await write(name, { due, isPart });
}

/** Another end for what is kept. */
export async function renewDue(name: string, due: number): Promise<void> {
  await write(name, { ...(await read(name)), due });
}

/** Remove what is due. */
export async function sweep(): Promise<void> {
  for (const name of await keptNames()) {
    const due = await dueOf(name);
    if (typeof due === "number" && due <= Date.now()) await caches.delete(name);
  }
}

async function read(name: string): Promise<Note | undefined> {
  const note = await caches.match(noteOf(name), { cacheName: name });
  return note ? ((await note.json()) as Note) : undefined;
}

async function write(name: string, note: Note): Promise<void> {
  const cache = await caches.open(name);
  await cache.put(noteOf(name), new Response(JSON.stringify(note)));
}

function noteOf(name: string): string {
  return `${homeOf(name)}kept`;
}
