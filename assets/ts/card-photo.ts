/** The portrait, cropped 3 by 4 on the phone, so that only the face is sent. */

const WIDTH = 360;
const HEIGHT = 480;
const SHARPER = 2;
const STEP = 8;

class Crop {
  private picture: HTMLImageElement | null = null;
  private scale = 1;
  private x = 0;
  private y = 0;
  private held: { x: number; y: number } | null = null;
  private readonly view: HTMLElement;
  private readonly canvas: HTMLCanvasElement;
  private readonly size: HTMLInputElement;
  private readonly input: HTMLInputElement;

  constructor(private readonly form: HTMLFormElement) {
    this.view = form.querySelector("[data-crop-view]") as HTMLElement;
    this.canvas = form.querySelector("canvas") as HTMLCanvasElement;
    this.size = form.querySelector("input[type=range]") as HTMLInputElement;
    this.input = form.querySelector("input[type=file]") as HTMLInputElement;
    this.input.addEventListener("change", () => {
      this.load();
    });
    this.size.addEventListener("input", () => {
      this.draw();
    });
    this.form.addEventListener("submit", (event) => {
      this.send(event);
    });
    this.startDragging();
  }

  private load(): void {
    const [file] = this.input.files ?? [];
    this.picture = null;
    this.view.hidden = true;
    if (!file) return;
    const reader = new FileReader();
    reader.onload = () => {
      const picture = new Image();
      picture.onload = () => {
        this.show(picture);
      };
      picture.src = reader.result as string;
    };
    reader.readAsDataURL(file);
  }

  private show(picture: HTMLImageElement): void {
    this.picture = picture;
    this.scale = Math.max(WIDTH / picture.naturalWidth, HEIGHT / picture.naturalHeight);
    this.size.value = "100";
    this.x = (WIDTH - picture.naturalWidth * this.scale) / 2;
    // Heads are in the upper part of a picture.
    this.y = (HEIGHT - picture.naturalHeight * this.scale) / 3;
    this.view.hidden = false;
    this.draw();
  }

  private startDragging(): void {
    this.canvas.addEventListener("pointerdown", (event) => {
      this.canvas.setPointerCapture(event.pointerId);
      this.held = { x: event.clientX, y: event.clientY };
    });
    this.canvas.addEventListener("pointermove", (event) => {
      if (!this.held) return;
      const points = WIDTH / this.canvas.clientWidth;
      this.move((event.clientX - this.held.x) * points, (event.clientY - this.held.y) * points);
      this.held = { x: event.clientX, y: event.clientY };
    });
    const release = (): void => {
      this.held = null;
    };
    this.canvas.addEventListener("pointerup", release);
    this.canvas.addEventListener("pointercancel", release);
    this.canvas.addEventListener("keydown", (event) => {
      const moves: Record<string, [number, number]> = {
        ArrowLeft: [-STEP, 0],
        ArrowRight: [STEP, 0],
        ArrowUp: [0, -STEP],
        ArrowDown: [0, STEP],
      };
      const step = moves[event.key];
      if (!step) return;
      event.preventDefault();
      this.move(...step);
    });
  }

  private move(x: number, y: number): void {
    this.x += x;
    this.y += y;
    this.draw();
  }

  /** Keep the frame within the picture, and draw what is in it. */
  private draw(context = this.canvas.getContext("2d"), sharper = 1): void {
    if (!this.picture || !context) return;
    const scale = this.scale * (Number(this.size.value) / 100);
    const width = this.picture.naturalWidth * scale;
    const height = this.picture.naturalHeight * scale;
    this.x = Math.min(0, Math.max(WIDTH - width, this.x));
    this.y = Math.min(0, Math.max(HEIGHT - height, this.y));
    context.drawImage(
      this.picture,
      this.x * sharper,
      this.y * sharper,
      width * sharper,
      height * sharper,
    );
  }

  /** Send the cropped part in place of the file that was chosen. */
  private send(event: SubmitEvent): void {
    const { submitter } = event;
    if (!this.picture || submitter?.getAttribute("name") === "do") return;
    const canvas = document.createElement("canvas");
    canvas.width = WIDTH * SHARPER;
    canvas.height = HEIGHT * SHARPER;
    this.draw(canvas.getContext("2d"), SHARPER);
    event.preventDefault();
    canvas.toBlob(
      (blob) => {
        if (blob) {
          const sent = new DataTransfer();
          sent.items.add(new File([blob], "photo.jpg", { type: "image/jpeg" }));
          this.input.files = sent.files;
        }
        this.picture = null;
        this.form.submit();
      },
      "image/jpeg",
      0.9,
    );
  }
}

document.querySelectorAll<HTMLFormElement>("form[data-crop]").forEach((form) => new Crop(form));
