import { on, sentence } from "./dom";
import { toast } from "./toast";

async function copy(words: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(words);
    toast(sentence("sayCopied"), "success");
  } catch {
    toast(sentence("sayNotCopied"), "stop");
  }
}

/** `data-copy="words"` or `data-copy-from="#id"`; `data-share` offers the page to other programs. */
export function startSharing(): void {
  on("click", "[data-copy], [data-copy-from]", (button) => {
    const { copy: words, copyFrom } = button.dataset;
    const source = copyFrom ? document.querySelector(copyFrom) : null;
    void copy(words ?? source?.textContent.trim() ?? "");
  });
  on("click", "[data-share]", (button, event) => {
    event.preventDefault();
    const url = button.dataset.share || window.location.href;
    const title = button.dataset.shareTitle ?? document.title;
    if ("share" in navigator) navigator.share({ url, title }).catch(() => undefined);
    else void copy(url);
  });
}
