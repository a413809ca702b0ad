import { toast } from "../toast";
import { part } from "./data";
import { cacheOf, noteDue } from "./kept";

/** Whether the document may be kept in this browser, and until when; no end for what is open. */
export interface KeepingTold {
  allowed: boolean;
  due: number | null;
}

/** What is kept: of each address of ours what it answers. */
export interface Kept {
  contents: () => AsyncIterable<[address: string, answer: Response]>;
}

interface Told {
  home: string;
  offline: KeepingTold;
  words: Record<string, string | undefined>;
}

const WORKER = "/read/sw.js";
const SCOPE = "/read/";

/** Keeps a document in the browser, to be read without a line until it is due. */
export class Keeping {
  private readonly button = part("offline");

  constructor(
    private readonly told: Told,
    private readonly kept: Kept,
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
    const page: [string, Response] = [this.told.home, await fetched(this.told.home)];
    await put(cache, page);
    for await (const part of this.kept.contents()) await put(cache, part);
    await cache.addAll(partsOfPage());
    await noteDue(cacheOf(this.told.home), this.told.offline.due);
  }

  private show(isKept: boolean): void {
    this.button?.setAttribute("aria-pressed", String(isKept));
  }
}

export function fetched(address: string): Promise<Response> {
  return fetch(address, { credentials: "same-origin" });
}

async function put(cache: Cache, [address, answer]: [string, Response]): Promise<void> {
  if (!answer.ok) throw new Error(`${address}: ${String(answer.status)}`);
  await cache.put(address, answer);
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
