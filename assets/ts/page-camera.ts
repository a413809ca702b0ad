/**
 * Photographing pages: a picture from the camera or the gallery, the edges of the page found by the
 * server in a small copy, the four corners moved by hand, and the whole picture sent as it is, in
 * pieces that go on after a broken line. The page is straightened there; the picture is the master.
 */

import { Upload } from "tus-js-client";

type Point = [number, number];

const PIECE = 4 * 1024 * 1024;
const SMALL = 800;
const STEP = 0.005;
const RETRY_AFTER = [0, 1000, 3000, 5000, 10_000];
const START: Point[] = [
  [0.05, 0.05],
  [0.95, 0.05],
  [0.95, 0.95],
  [0.05, 0.95],
];

class PageCamera {
  private stream: MediaStream | null = null;
  private picture: Blob | null = null;
  private name = "";
  private corners: Point[] = START;
  private readonly live: HTMLElement;
  private readonly taken: HTMLElement;
  private readonly video: HTMLVideoElement;
  private readonly canvas: HTMLCanvasElement;
  private readonly said: HTMLElement;

  constructor(private readonly panel: HTMLElement) {
    this.live = this.find("[data-live]");
    this.taken = this.find("[data-taken]");
    this.video = this.find("video") as HTMLVideoElement;
    this.canvas = this.find("canvas") as HTMLCanvasElement;
    this.said = this.find("[data-said]");
    this.on("[data-open]", () => void this.open());
    this.on("[data-take]", () => void this.take());
    this.on("[data-again]", () => void this.open());
    this.on("[data-add]", () => void this.add());
    this.find("[data-picture]").addEventListener("change", (event) => {
      const input = event.target as HTMLInputElement;
      const [file] = input.files ?? [];
      input.value = "";
      if (file) void this.look(file, file.name);
    });
    this.panel.querySelectorAll<HTMLButtonElement>("[data-corner]").forEach((button) => {
      this.move(button, Number(button.dataset["corner"]));
    });
    window.addEventListener("pagehide", () => {
      this.close();
    });
  }

  private find(selector: string): HTMLElement {
    return this.panel.querySelector(selector) as HTMLElement;
  }

  private on(selector: string, deed: () => void): void {
    this.find(selector).addEventListener("click", deed);
  }

  private say(what: string): void {
    const words = what ? (this.said.dataset[what] ?? what) : "";
    if (this.said.textContent !== words) this.said.textContent = words;
  }

  private show(state: "idle" | "live" | "taken"): void {
    this.live.hidden = state !== "live";
    this.taken.hidden = state !== "taken";
    this.find("[data-open]").hidden = state !== "idle";
    this.find("[data-take]").hidden = state !== "live";
    this.find("[data-add]").hidden = state !== "taken";
    this.find("[data-again]").hidden = state !== "taken";
  }

  private async open(): Promise<void> {
    try {
      const stream = await navigator.mediaDevices.getUserMedia({
        audio: false,
        video: { facingMode: "environment", width: { ideal: 4096 }, height: { ideal: 3072 } },
      });
      this.close();
      this.stream = stream;
      this.video.srcObject = stream;
      this.show("live");
      // There is no picture to take before the first frame is there.
      this.tellReady(false);
      await this.video.play();
      this.tellReady(true);
      this.say("");
    } catch (error) {
      this.close();
      this.show("idle");
      this.say(isBusy(error) ? "busy" : "denied");
      this.find("[data-open]").focus();
    }
  }

  private tellReady(isReady: boolean): void {
    (this.find("[data-take]") as HTMLButtonElement).disabled = !isReady;
  }

  private close(): void {
    this.stream?.getTracks().forEach((track) => {
      track.stop();
    });
    this.stream = null;
    this.video.srcObject = null;
  }

  /** Keep the frame that the camera shows now, as large as the camera gives it. */
  private async take(): Promise<void> {
    const frame = document.createElement("canvas");
    frame.width = this.video.videoWidth;
    frame.height = this.video.videoHeight;
    frame.getContext("2d")?.drawImage(this.video, 0, 0);
    const picture = await jpeg(frame, 0.95);
    this.close();
    if (picture) await this.look(picture, `trang-${String(Date.now())}.jpg`);
  }

  /** Show the picture, and where its page seems to lie. */
  private async look(picture: Blob, name: string): Promise<void> {
    const image = await loaded(picture).catch(() => null);
    if (!image) {
      this.say("missing");
      return;
    }
    this.picture = picture;
    this.name = name;
    const scale = Math.min(1, SMALL / Math.max(image.naturalWidth, image.naturalHeight));
    this.canvas.width = Math.round(image.naturalWidth * scale);
    this.canvas.height = Math.round(image.naturalHeight * scale);
    this.canvas.getContext("2d")?.drawImage(image, 0, 0, this.canvas.width, this.canvas.height);
    this.show("taken");
    this.put(START);
    this.say("looking");
    const found = await this.ask().catch(() => null);
    if (found) this.put(found);
    this.say(found ? "found" : "missing");
    this.find("[data-add]").focus();
  }

  private async ask(): Promise<Point[] | null> {
    const small = await jpeg(this.canvas, 0.85);
    if (!small) return null;
    const answer = await fetch(this.panel.dataset["edges"] ?? "", {
      method: "POST",
      headers: { "X-CSRFToken": this.panel.dataset["csrf"] ?? "", "Content-Type": "image/jpeg" },
      body: small,
    });
    if (!answer.ok) return null;
    return ((await answer.json()) as { corners: Point[] | null }).corners;
  }

  private put(corners: Point[]): void {
    this.corners = corners.map(([x, y]) => [x, y]);
    const points = this.corners.map(([x, y]) => `${String(x * 1000)},${String(y * 1000)}`);
    this.find("polygon").setAttribute("points", points.join(" "));
    this.panel.querySelectorAll<HTMLElement>("[data-corner]").forEach((button) => {
      const [x, y] = this.corners[Number(button.dataset["corner"])] ?? [0, 0];
      button.style.left = `${String(x * 100)}%`;
      button.style.top = `${String(y * 100)}%`;
    });
  }

  /** Let a corner be dragged, or moved with the arrow keys. */
  private move(button: HTMLButtonElement, at: number): void {
    const to = (x: number, y: number): void => {
      const within = (value: number): number => Math.min(1, Math.max(0, value));
      const moved = this.corners.map((corner) => corner);
      moved[at] = [within(x), within(y)];
      this.put(moved);
    };
    button.addEventListener("pointerdown", (event) => {
      button.setPointerCapture(event.pointerId);
    });
    button.addEventListener("pointermove", (event) => {
      if (!button.hasPointerCapture(event.pointerId)) return;
      const frame = this.canvas.getBoundingClientRect();
      to((event.clientX - frame.left) / frame.width, (event.clientY - frame.top) / frame.height);
    });
    button.addEventListener("keydown", (event) => {
      const steps: Record<string, Point> = {
        ArrowLeft: [-STEP, 0],
        ArrowRight: [STEP, 0],
        ArrowUp: [0, -STEP],
        ArrowDown: [0, STEP],
      };
      const step = steps[event.key];
      const corner = this.corners[at];
      if (!step || !corner) return;
      event.preventDefault();
      to(corner[0] + step[0], corner[1] + step[1]);
    });
  }

  private async add(): Promise<void> {
    if (!this.picture) return;
    const button = this.find("[data-add]") as HTMLButtonElement;
    button.disabled = true;
    this.say("sending");
    const failed = await this.send(this.picture);
    button.disabled = false;
    if (failed !== null) {
      this.say(failed || "failed");
      return;
    }
    this.picture = null;
    this.show("idle");
    this.say("sent");
    const count = this.find("[data-count]");
    count.textContent = String(Number(count.textContent) + 1);
    this.find("[data-open]").focus();
  }

  private send(picture: Blob): Promise<string | null> {
    const data = this.panel.dataset;
    const file = new File([picture], this.name, { type: "image/jpeg" });
    return new Promise((done) => {
      const upload = new Upload(file, {
        endpoint: data["uploads"] ?? "",
        chunkSize: PIECE,
        retryDelays: RETRY_AFTER,
        storeFingerprintForResuming: false,
        metadata: {
          filename: this.name,
          object: data["object"] ?? "",
          outline: JSON.stringify(this.corners.map(([x, y]) => [round(x), round(y)])),
        },
        headers: { "X-CSRFToken": data["csrf"] ?? "" },
        onSuccess: () => {
          done(null);
        },
        onError: (error) => {
          const answer = (error as { originalResponse?: { getBody(): string } | null })
            .originalResponse;
          done(answer?.getBody() ?? "");
        },
      });
      upload.start();
    });
  }
}

/** The camera is there and allowed, but did not start: another program has it, or it was slow. */
function isBusy(error: unknown): boolean {
  return error instanceof DOMException && ["AbortError", "NotReadableError"].includes(error.name);
}

function round(value: number): number {
  return Math.round(value * 100_000) / 100_000;
}

function jpeg(canvas: HTMLCanvasElement, quality: number): Promise<Blob | null> {
  return new Promise((done) => {
    canvas.toBlob(done, "image/jpeg", quality);
  });
}

function loaded(picture: Blob): Promise<HTMLImageElement> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    const image = new Image();
    image.onload = () => {
      resolve(image);
    };
    image.onerror = reject;
    reader.onerror = reject;
    reader.onload = () => {
      image.src = reader.result as string;
    };
    reader.readAsDataURL(picture);
  });
}

document.querySelectorAll<HTMLElement>("[data-page-camera]").forEach((panel) => {
  new PageCamera(panel);
});
