import { part } from "./data";
import type { Kept, Locator } from "./places";

/** Offer to go on where the reader was on another device. */
export function offer(elsewhere: Kept, words: string, go: (locator: Locator) => void): void {
  const bar = part("offer");
  const said = part("offer-words");
  if (!bar || !said) return;
  said.textContent = words
    .replace("{label}", elsewhere.label)
    .replace("{device}", elsewhere.device);
  bar.hidden = false;
  const close = (): void => {
    bar.hidden = true;
  };
  part("offer-yes")?.addEventListener("click", () => {
    go(elsewhere.locator);
    close();
  });
  part("offer-no")?.addEventListener("click", close);
}
