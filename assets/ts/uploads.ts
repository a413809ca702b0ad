/**
 * Sending large files over bad lines: in pieces, one file after another in the order of their
 * names, each going on where it stopped (tus 1.0). What was begun is remembered by the browser,
 * so the same file chosen again tomorrow goes on too.
 */

import { Upload } from "tus-js-client";

const PIECE = 8 * 1024 * 1024;
const RETRY_AFTER = [0, 1000, 3000, 5000, 10_000, 20_000];

interface Line {
  item: HTMLElement;
  meter: HTMLProgressElement;
  state: HTMLElement;
}

class Uploader {
  private readonly list: HTMLElement;
  private waiting: File[] = [];
  private busy = false;

  constructor(private readonly panel: HTMLElement) {
    this.list = panel.querySelector("[data-upload-list]") as HTMLElement;
    const input = panel.querySelector("input[type=file]") as HTMLInputElement;
    input.addEventListener("change", () => {
      this.take([...(input.files ?? [])]);
      input.value = "";
    });
  }

  private take(files: File[]): void {
    const order = new Intl.Collator(undefined, { numeric: true });
    this.waiting.push(...files.sort((one, other) => order.compare(one.name, other.name)));
    if (!this.busy) void this.sendAll();
  }

  private async sendAll(): Promise<void> {
    this.busy = true;
    for (let file = this.waiting.shift(); file; file = this.waiting.shift()) {
      await this.send(file);
    }
    this.busy = false;
  }

  private async send(file: File): Promise<void> {
    const data = this.panel.dataset;
    const line = this.line(file.name);
    const told: Record<string, string> = { filename: file.name };
    if (data["object"]) told["object"] = data["object"];
    await new Promise<void>((done) => {
      const upload = new Upload(file, {
        endpoint: data["uploads"] ?? "",
        chunkSize: PIECE,
        retryDelays: RETRY_AFTER,
        removeFingerprintOnSuccess: true,
        metadata: told,
        headers: { "X-CSRFToken": data["csrf"] ?? "" },
        fingerprint: () => Promise.resolve(fingerprint(file, data["object"] ?? "")),
        onProgress: (sent, all) => {
          line.meter.value = all ? sent / all : 0;
        },
        onSuccess: () => {
          line.meter.value = 1;
          line.state.textContent = data["done"] ?? "";
          // What the server makes of it is shown by the part of the page that asks for it.
          line.item.classList.add("is-sent");
          this.panel.dispatchEvent(new Event("sent", { bubbles: true }));
          done();
        },
        onError: (error) => {
          line.state.textContent = why(error) || (data["failed"] ?? "");
          done();
        },
      });
      void upload.findPreviousUploads().then(([before]) => {
        if (before) upload.resumeFromPreviousUpload(before);
        upload.start();
      });
    });
  }

  /** Leave the rest to the server's own list, which names the file now. */
  forget(): void {
    this.list.querySelectorAll(".is-sent").forEach((line) => {
      line.remove();
    });
  }

  private line(name: string): Line {
    const item = document.createElement("li");
    const title = document.createElement("span");
    const state = document.createElement("span");
    const meter = document.createElement("progress");
    item.className = "upload-line";
    title.textContent = name;
    state.className = "small";
    meter.max = 1;
    meter.setAttribute("aria-label", name);
    item.append(title, state, meter);
    this.list.append(item);
    return { item, meter, state };
  }
}

/** The same file for the same object; the address keeps two libraries on one machine apart. */
function fingerprint(file: File, object: string): string {
  return ["tangthu", object, file.name, file.size, file.lastModified].join("|");
}

/** The server's own words, where it refused; a broken line has none. */
function why(error: unknown): string {
  const answer = (error as { originalResponse?: { getBody(): string } | null }).originalResponse;
  return answer?.getBody() ?? "";
}

document.querySelectorAll<HTMLElement>("[data-uploads]").forEach((panel) => {
  const uploader = new Uploader(panel);
  document.addEventListener("htmx:afterSwap", () => {
    uploader.forget();
  });
});

// Nothing that somebody is just typing is replaced under their hands.
document.addEventListener("htmx:oobBeforeSwap", (event) => {
  const typing = document.activeElement?.matches("input, select, textarea");
  if (typing && (event.target as Element).contains(document.activeElement)) {
    (event as CustomEvent<{ shouldSwap: boolean }>).detail.shouldSwap = false;
  }
});
