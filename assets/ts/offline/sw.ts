/** Keeps the offline page itself, so that it opens without a line. Of all else it keeps nothing. */

interface Shell {
  version: string;
  pages: string[];
  engineVersion: string;
  engine: string[];
  home: string;
}

// Typed by hand: the DOM library and the worker library cannot both be loaded.
interface Waiting extends Event {
  waitUntil(work: Promise<unknown>): void;
}

interface Asked extends Event {
  request: Request;
  respondWith(answer: Promise<Response>): void;
}

interface Worker {
  SHELL: Shell;
  clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
  addEventListener(type: "install" | "activate", handle: (event: Waiting) => void): void;
  addEventListener(type: "fetch", handle: (event: Asked) => void): void;
}

const worker = self as unknown as Worker;
const { SHELL } = worker;
const PAGES = `offline-page-${SHELL.version}`;
const ENGINE = `offline-engine-${SHELL.engineVersion}`;

async function keep(cache: string, addresses: string[]): Promise<void> {
  if ((await caches.keys()).includes(`${cache}!`)) return;
  const place = await caches.open(cache);
  await Promise.all(
    addresses.map(async (address) => {
      const answer = await fetch(address, { cache: "no-cache", credentials: "same-origin" });
      if (!answer.ok || answer.redirected) throw new Error(`${address}: ${String(answer.status)}`);
      await place.put(address, answer);
    }),
  );
  await caches.open(`${cache}!`); // The sign that all of it is there.
}

async function sweep(): Promise<void> {
  const kept = new Set([PAGES, ENGINE, `${PAGES}!`, `${ENGINE}!`]);
  const names = (await caches.keys()).filter((name) => name.startsWith("offline-"));
  await Promise.all(names.filter((name) => !kept.has(name)).map((name) => caches.delete(name)));
}

async function answer(request: Request): Promise<Response> {
  const found =
    (await (await caches.open(PAGES)).match(request, { ignoreVary: true })) ??
    (await (await caches.open(ENGINE)).match(request, { ignoreVary: true }));
  return found ?? fetch(request);
}

worker.addEventListener("install", (event) => {
  event.waitUntil(
    Promise.all([keep(PAGES, SHELL.pages), keep(ENGINE, SHELL.engine)]).then(() =>
      worker.skipWaiting(),
    ),
  );
});

worker.addEventListener("activate", (event) => {
  event.waitUntil(sweep().then(() => worker.clients.claim()));
});

worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  const path = address.pathname + address.search;
  const isKept = SHELL.pages.includes(path) || SHELL.engine.includes(path);
  const isHome = request.mode === "navigate" && address.pathname === SHELL.home;
  if (request.method !== "GET" || !(isKept || isHome)) return;
  event.respondWith(answer(isHome ? new Request(SHELL.home) : request));
});
