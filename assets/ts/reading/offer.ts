import { part } from "./data";
import type { Kept, Locator } from "./places";

/** Offer to go on where the reader was last. */
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
  answer("offer-yes", () => {
    go(elsewhere.locator);
    close();
  });
  answer("offer-no", close);
}

/** Of two offers the later one counts. */
function answer(name: string, press: () => void): void {
  const button = part(name);
  if (button) button.onclick = press;
}
