import type { Book } from "foliate-js/view.js";
import { EPUB } from "foliate-js/epub.js";
import type { Entry } from "foliate-js/vendor/zip.js";
import { BlobReader, BlobWriter, configure, TextWriter, ZipReader } from "foliate-js/vendor/zip.js";
import type { Source } from "../source";
import { cleaned, cleanedStyle } from "./cleaning";

/** A smaller book comes whole, in one go; of a larger one only what is read. */
const SMALL = 3 << 20;
const LARGEST_TEXT = 20 << 20;
const LARGEST_PART = 200 << 20;
const MARKUP = new Set(["application/xhtml+xml", "text/html", "image/svg+xml"]);

/** Looks to the unpacker like a file that is there. */
class Remote {
  constructor(
    readonly size: number,
    private readonly source: Source,
    private readonly start = 0,
  ) {}

  slice(start: number, end: number): Remote {
    return new Remote(Math.min(end, this.size) - start, this.source, this.start + start);
  }

  async arrayBuffer(): Promise<ArrayBuffer> {
    return (await this.source.part(this.start, this.start + this.size)).buffer;
  }
}

function cleanedPart(part: unknown, type: string): unknown {
  if (typeof part !== "string") return part;
  if (type === "text/css") return cleanedStyle(part);
  return MARKUP.has(type) ? cleaned(part, type) : part;
}

interface DataEvent extends Event {
  detail: { data: Promise<unknown>; type: string };
}

/** Open the book behind the source: what is in it is cleaned before any of it is shown. */
export async function openBook(source: Source, size: number): Promise<Book> {
  configure({ useWebWorkers: false });
  const file = size <= SMALL ? await source.whole() : new Remote(size, source);
  const entries = await new ZipReader(new BlobReader(file)).getEntries();
  const named = new Map(entries.map((entry) => [entry.filename, entry]));
  const found = (name: string, most: number): Entry | null => {
    const entry = named.get(name);
    if (entry && entry.uncompressedSize > most) throw new Error(`${name} is too large`);
    return entry ?? null;
  };
  const book = await new EPUB({
    loadText: (name) => found(name, LARGEST_TEXT)?.getData(new TextWriter()) ?? null,
    loadBlob: (name, type) => found(name, LARGEST_PART)?.getData(new BlobWriter(type)) ?? null,
    getSize: (name) => named.get(name)?.uncompressedSize ?? 0,
  }).init();
  book.transformTarget?.addEventListener("data", (event) => {
    const { detail } = event as DataEvent;
    detail.data = Promise.resolve(detail.data).then((text) => cleanedPart(text, detail.type));
  });
  return book;
}
