import type { Page, Reading } from "./data";
import { addressOf, afterTheWord } from "./data";
import type { Region } from "./region";
import { hashOf } from "./region";

/** Write into the dialog how the open page, and the part on the screen, are quoted. */
export function quote(reading: Reading, page: Page, region: Region | null): void {
  const address = reading.site + addressOf(reading, page);
  const lasting = `${reading.lasting}/${page[0]}`;
  const label = afterTheWord(page[1]);
  write("quote-citation", fill(reading.citation, { label, address: lasting }));
  link("quote-link", lasting);
  for (const form of document.querySelectorAll<HTMLAnchorElement>("[data-cited-as]"))
    form.search = `?page=${page[0]}`;
  link("quote-part", address + (region ? hashOf(region) : ""));
  const embed = document.getElementById("quote-embed");
  if (!embed) return;
  const within = `${reading.site}${reading.home}embed/${page[0]}/`;
  embed.textContent = embed.textContent.replace(/src="[^"]*"/, `src="${within}"`);
}

function fill(pattern: string, values: Record<string, string>): string {
  return pattern.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
}

function write(id: string, words: string): void {
  const element = document.getElementById(id);
  if (element) element.textContent = words;
}

function link(id: string, address: string): void {
  const element = document.getElementById(id);
  if (!(element instanceof HTMLAnchorElement)) return;
  element.href = element.textContent = address;
}
