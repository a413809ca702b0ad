import type { Page, Reading } from "./data";
import { imageOf, part } from "./data";
import type { Kept, Measure } from "./keeping";
import { fetched, NotKept } from "./keeping";
import { FROM_KEPT } from "./kept";
import type { Tickets } from "./tickets";

const AT_ONCE = 4;
const LONGEST_WAIT = 60;

/** The pages of a scan, one picture each, in the width in which one reads, and their words. */
export class Carrying implements Kept {
  readonly goesOn = true;
  readonly page: string;
  private bytes = 0;

  constructor(
    private readonly reading: Reading,
    private readonly tickets: Tickets,
  ) {
    this.page = `${reading.home}${FROM_KEPT}`;
  }

  async *contents(kept: Measure): AsyncGenerator<[string, Response]> {
    const { pages, offline, words } = this.reading;
    if (pages.length > offline.pages) throw new NotKept(words.tooMany ?? "");
    this.bytes = 0;
    try {
      for (let place = 0; place < pages.length; place += AT_ONCE) {
        const some = pages.slice(place, place + AT_ONCE);
        for (const each of await Promise.all(some.map((page) => this.of(page, kept)))) yield* each;
        tell(Math.min(place + AT_ONCE, pages.length), pages.length);
      }
    } finally {
      tell(0, 0);
    }
  }

  /** What there is of a page: its picture, and its words where it has some. */
  private async of(page: Page, kept: Measure): Promise<[string, Response][]> {
    const found: [string, Response][] = [];
    const picture = pictureOf(this.reading, page);
    const known = await kept(picture);
    if (known === null) found.push([picture, await this.picture(page)]);
    else this.count(known);
    const texts = part("search")?.dataset.text;
    const text = texts ? texts + page[0] : "";
    if (text && (await kept(text)) === null) found.push([text, await fetched(text)]);
    return found;
  }

  private async picture(page: Page): Promise<Response> {
    const answer = await this.answer(page);
    const blob = await answer.blob();
    this.count(blob.size);
    return new Response(blob, { status: answer.status, headers: answer.headers });
  }

  private count(bytes: number): void {
    this.bytes += bytes;
    const { offline, words } = this.reading;
    if (this.bytes > offline.bytes) throw new NotKept(words.tooLarge ?? "");
  }

  /** The picture by a ticket that is good, and no faster than the library gives it. */
  private async answer(page: Page, isAgain = false): Promise<Response> {
    const answer = await fetched(imageOf(this.reading, page) + sized(this.reading, page));
    if (answer.status === 429) {
      await pause(Number(answer.headers.get("Retry-After")));
      return this.answer(page, isAgain);
    }
    if (answer.status === 403 && !isAgain && (await this.tickets.renew()))
      return this.answer(page, true);
    return answer;
  }
}

/** Under what address the picture of a page is kept: without a ticket, which is of one day. */
export function pictureOf(reading: Reading, page: Page): string {
  return `${reading.images}${page[0]}${sized(reading, page)}`;
}

function sized(reading: Reading, [, , width]: Page): string {
  return `/full/${String(Math.min(reading.offline.width, width))},/0/default.webp`;
}

function pause(seconds: number): Promise<void> {
  const wait = Math.min(Math.max(seconds || 1, 1), LONGEST_WAIT);
  return new Promise((done) => setTimeout(done, wait * 1000));
}

/** How much is there, in numbers beside the button; a screen reader hears of each quarter. */
function tell(done: number, count: number): void {
  const place = part("offline-progress");
  if (!place) return;
  const words = count ? `${String(done)}/${String(count)}` : "";
  place.textContent = words;
  const said = part("said");
  const quarter = Math.max(1, Math.ceil(count / 4));
  if (said && count && (done === count || done % quarter < AT_ONCE)) said.textContent = words;
}
