/** The cache of a kept document is named by where the document is read; its end is noted in it. */
const PREFIX = "reading/";

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

/** When the document goes: null for never, undefined while it is not kept whole. */
export async function dueOf(name: string): Promise<number | null | undefined> {
  const note = await caches.match(noteOf(name), { cacheName: name });
  return note ? ((await note.json()) as { due: number | null }).due : undefined;
}

export async function noteDue(name: string, due: number | null): Promise<void> {
  const cache = await caches.open(name);
  await cache.put(noteOf(name), new Response(JSON.stringify({ due })));
}

/** Remove what is due. */
export async function sweep(): Promise<void> {
  for (const name of await keptNames()) {
    const due = await dueOf(name);
    if (typeof due === "number" && due <= Date.now()) await caches.delete(name);
  }
}

function noteOf(name: string): string {
  return `${homeOf(name)}kept`;
}
