import jsQR from "jsqr";
import { type CitizenCard, readCard } from "./citizen-card";

/** Side, in points, to which a frame is brought: the code on the card is fine, the phone slow. */
const LARGEST = 1280;
const PAUSE = 120;
/** After so many milliseconds without any code it is time to say what helps. */
const PATIENCE = 5000;

type Saying = "looking" | "unseen" | "found" | "foreign" | "missing" | "denied";

class Scanner {
  private stream: MediaStream | null = null;
  private since = 0;
  private next = 0;
  private readonly canvas = document.createElement("canvas");
  private readonly video: HTMLVideoElement;
  private readonly view: HTMLElement;
  private readonly said: HTMLElement;

  constructor(private readonly panel: HTMLElement) {
    this.video = panel.querySelector("video") as HTMLVideoElement;
    this.view = panel.querySelector("[data-card-view]") as HTMLElement;
    this.said = panel.querySelector("[data-card-said]") as HTMLElement;
    this.listen("[data-card-open]", "click", () => void this.open());
    this.listen("[data-card-stop]", "click", () => {
      this.stop("");
    });
    this.listen(
      "[data-card-picture]",
      "change",
      (input) => void this.look(input as HTMLInputElement),
    );
    window.addEventListener("pagehide", () => {
      this.stop("");
    });
  }

  private listen(selector: string, type: string, handle: (element: Element) => void): void {
    const element = this.panel.querySelector(selector);
    element?.addEventListener(type, () => {
      handle(element);
    });
  }

  private say(what: Saying | ""): void {
    const words = what ? (this.said.dataset[what] ?? "") : "";
    // Written once, so that it is read out once.
    if (this.said.textContent !== words) this.said.textContent = words;
  }

  private async open(): Promise<void> {
    try {
      const stream = await navigator.mediaDevices.getUserMedia({
        audio: false,
        video: { facingMode: "environment", width: { ideal: 1920 }, height: { ideal: 1080 } },
      });
      // Whoever pressed twice has two by now, and sees the light of one only.
      this.stop("looking");
      this.stream = stream;
      this.video.srcObject = stream;
      this.view.hidden = false;
      await this.video.play();
    } catch {
      this.stop("denied");
      return;
    }
    this.since = performance.now();
    this.watch();
  }

  /** Look at one frame after another, until a card is read or the person stops. */
  private watch(): void {
    if (!this.stream) return;
    const text = this.read(this.video, this.video.videoWidth, this.video.videoHeight);
    if (text !== null && this.take(text)) return;
    if (text !== null) this.since = performance.now();
    else if (performance.now() - this.since > PATIENCE) this.say("unseen");
    this.next = window.setTimeout(() => {
      this.watch();
    }, PAUSE);
  }

  /** Turn the camera off and forget the last frame. */
  private stop(what: Saying | ""): void {
    window.clearTimeout(this.next);
    this.stream?.getTracks().forEach((track) => {
      track.stop();
    });
    this.stream = null;
    this.video.srcObject = null;
    this.view.hidden = true;
    this.canvas.width = 0;
    this.canvas.height = 0;
    this.say(what);
  }

  private async look(input: HTMLInputElement): Promise<void> {
    const [file] = input.files ?? [];
    input.value = "";
    if (!file) return;
    this.say("looking");
    const picture = await loaded(file).catch(() => null);
    const text = picture && this.read(picture, picture.naturalWidth, picture.naturalHeight);
    if (text === null) this.stop("missing");
    else this.take(text);
  }

  private read(source: CanvasImageSource, width: number, height: number): string | null {
    if (!width || !height) return null;
    const scale = Math.min(1, LARGEST / Math.max(width, height));
    this.canvas.width = Math.round(width * scale);
    this.canvas.height = Math.round(height * scale);
    const context = this.canvas.getContext("2d", { willReadFrequently: true });
    if (!context) return null;
    context.drawImage(source, 0, 0, this.canvas.width, this.canvas.height);
    const frame = context.getImageData(0, 0, this.canvas.width, this.canvas.height);
    return jsQR(frame.data, frame.width, frame.height)?.data ?? null;
  }

  private take(text: string): boolean {
    const card = readCard(text);
    if (!card) {
      this.say("foreign");
      return false;
    }
    this.stop("found");
    fill(card);
    return true;
  }
}

/** Write what the card says into the form, and go to the first field to be checked. */
function fill(card: CitizenCard): void {
  const values: [string, string][] = [
    ["name", card.name],
    ["birth", card.birth],
    ["number", card.number],
    ["address", card.address],
  ];
  for (const [name, value] of values) {
    const field = document.querySelector<HTMLInputElement>(`[data-card="${name}"]`);
    if (field && value) field.value = value;
  }
  document.querySelector<HTMLInputElement>('[data-card="name"]')?.focus();
}

function loaded(file: File): Promise<HTMLImageElement> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    const picture = new Image();
    picture.onload = () => {
      resolve(picture);
    };
    picture.onerror = reject;
    reader.onerror = reject;
    reader.onload = () => {
      picture.src = reader.result as string;
    };
    reader.readAsDataURL(file);
  });
}

document.querySelectorAll<HTMLElement>("[data-card-scan]").forEach((panel) => new Scanner(panel));
