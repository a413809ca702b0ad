/** The page that opens without a line where nothing is kept: it lists what this device does keep. */
import { dueSaid } from "./reading/due";
import { dueOf, homeOf, isWhole, keptNames } from "./reading/kept";

interface Kept {
  home: string;
  title: string;
  due: number | null | undefined;
}

async function keptHere(): Promise<Kept[]> {
  const found: Kept[] = [];
  for (const name of await keptNames()) {
    const home = homeOf(name);
    const page = (await isWhole(name)) && (await caches.match(home, { cacheName: name }));
    if (!page) continue;
    const { title } = new DOMParser().parseFromString(await page.text(), "text/html");
    found.push({ home, title, due: await dueOf(name) });
  }
  return found;
}

function line({ home, title, due }: Kept, until: string): Element {
  const item = document.createElement("li");
  const link = document.createElement("a");
  link.href = home;
  link.textContent = title;
  item.append(link);
  if (typeof due === "number") {
    const small = document.createElement("small");
    small.className = "muted";
    small.textContent = ` ${until.replace("{due}", dueSaid(due))}`;
    item.append(small);
  }
  return item;
}

async function start(): Promise<void> {
  const part = document.querySelector<HTMLElement>("[data-kept]");
  if (!part || !("caches" in window)) return;
  const found = await keptHere();
  const { until = "" } = part.dataset;
  const list = document.createElement("ul");
  list.append(...found.map((each) => line(each, until)));
  part.append(list);
  part.hidden = found.length === 0;
}

document.querySelector("[data-again]")?.addEventListener("click", () => {
  window.location.reload();
});
void start();
