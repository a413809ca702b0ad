import { toast } from "../toast";
import { part } from "./data";
import type { Source, Told } from "./source";

/** Whether the document may be kept in this browser, and until when; no end for what is open. */
export interface KeepingTold {
  allowed: boolean;
  due: number | null;
}

const WORKER = "/read/sw.js";
const SCOPE = "/read/";

/** The cache of a document's own; `reading-sw.ts` finds it by this name, and its end in it. */
export function cacheOf(home: string): string {
  return `reading${home}`;
}

export function noteOf(home: string): string {
  return `${home}kept`;
}

/** Keeps a document in the browser, to be read without a line until it is due. */
export class Keeping {
  private readonly button = part("offline");

  constructor(
    private readonly told: Told,
    private readonly source: Source,
  ) {}

  async start(): Promise<void> {
    const isThere = "serviceWorker" in navigator && "caches" in window;
    if (!isThere || !this.told.offline.allowed || !this.button) return;
    this.button.hidden = false;
    this.show(await caches.has(cacheOf(this.told.home)));
    this.button.addEventListener("click", () => void this.toggle());
  }

  private async toggle(): Promise<void> {
    const isKept = await caches.has(cacheOf(this.told.home));
    if (isKept) await caches.delete(cacheOf(this.told.home));
    else if (!(await this.keep())) return;
    this.show(!isKept);
    toast((isKept ? this.told.words.notKept : this.told.words.kept) ?? "", "success");
  }

  private async keep(): Promise<boolean> {
    this.button?.setAttribute("aria-busy", "true");
    try {
      await navigator.serviceWorker.register(WORKER, { scope: SCOPE });
      await this.fill(await caches.open(cacheOf(this.told.home)));
      return true;
    } catch {
      await caches.delete(cacheOf(this.told.home));
      toast(this.told.words.cannotKeep ?? "", "stop");
      return false;
    } finally {
      this.button?.removeAttribute("aria-busy");
    }
  }

  private async fill(cache: Cache): Promise<void> {
    const file = await this.source.whole();
    await cache.put(this.told.file, new Response(file));
    const page = await fetch(this.told.home, { credentials: "same-origin" });
    if (!page.ok) throw new Error(String(page.status));
    await cache.put(this.told.home, page);
    await cache.addAll(partsOfPage());
    const note = JSON.stringify({ due: this.told.offline.due });
    await cache.put(noteOf(this.told.home), new Response(note));
  }

  private show(isKept: boolean): void {
    this.button?.setAttribute("aria-pressed", String(isKept));
  }
}

/** The styles, scripts, letters and workers that this page was made with. */
function partsOfPage(): string[] {
  const fetched = performance.getEntriesByType("resource").map(({ name }) => name);
  const worker = part("stage")?.dataset.worker ?? "";
  const named = [...fetched, ...(worker ? [new URL(worker, window.location.href).href] : [])];
  const ours = named.filter((name) => new URL(name).origin === window.location.origin);
  const parts = ours.filter((name) => new URL(name).pathname.startsWith("/static/"));
  return [...new Set(parts.map((name) => name.split("#")[0] ?? name))];
}
