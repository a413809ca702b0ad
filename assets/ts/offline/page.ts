import { startDialogs } from "../dialogs";
import { recall, remember } from "../dom";
import { startKeys } from "../keys";
import { startScan } from "../scan";
import { play, startSounds } from "../sounds";
import { toast } from "../toast";
import { Board } from "./board";
import { hour, day, make, say, speak } from "./draw";
import { Remote } from "./remote";
import type { Settings, Standing } from "./types";

const HALF = "offline-half";

function read<T>(id: string): T {
  return JSON.parse(document.getElementById(id)?.textContent ?? "{}") as T;
}

function find<T extends HTMLElement>(id: string): T {
  const found = document.getElementById(id);
  if (!found) throw new Error(`no #${id}`);
  return found as T;
}

/** The half of the key that logging out deletes. */
function half(): string {
  const known = recall(HALF);
  if (known) return known;
  const fresh = crypto.randomUUID() + crypto.randomUUID();
  remember(HALF, fresh);
  return fresh;
}

class Page {
  private standing: Standing | undefined;
  private readonly remote: Remote;
  private readonly board: Board;
  private needsPin = false;
  private isTrying = false;

  constructor(private readonly settings: Settings) {
    this.remote = new Remote(`${settings.page}worker.js`, (standing) => {
      this.show(standing);
    });
    this.board = new Board(this.remote);
    this.listen();
  }

  async start(): Promise<void> {
    await this.remote.call("start", this.settings);
    this.show(await this.remote.call<Standing>("standing"));
    await this.remote.call("meet");
  }

  private listen(): void {
    this.onSubmit("enrol-form", () => this.enrol());
    this.onSubmit("pin-form", () => this.setPin());
    this.onSubmit("unlock-form", () => this.unlock());
    this.onClick("lock", () => this.remote.call("lock"));
    this.onClick("log-out", () => this.logOut());
    this.onClick("export", () => this.export());
    this.onClick("meet", () => this.remote.call("meet"));
    find<HTMLInputElement>("import").addEventListener("change", () => void this.import());
    window.addEventListener("online", () => void this.remote.call("meet"));
    window.addEventListener("storage", (event) => {
      // Somebody logged out in another tab.
      if (event.key === HALF && !event.newValue) void this.remote.call("logOut");
    });
  }

  private onSubmit(id: string, work: () => Promise<unknown>): void {
    find<HTMLFormElement>(id).addEventListener("submit", (event) => {
      event.preventDefault();
      work().catch((error: unknown) => {
        this.complain(error);
      });
    });
  }

  private onClick(id: string, work: () => Promise<unknown>): void {
    find(id).addEventListener("click", () => {
      work().catch((error: unknown) => {
        this.complain(error);
      });
    });
  }

  private complain(error: unknown): void {
    play("stopped");
    toast(say("failed", { why: error instanceof Error ? error.message : "" }), "stop");
  }

  private async enrol(): Promise<void> {
    const name = find<HTMLInputElement>("device-name").value;
    await navigator.storage.persist();
    await this.remote.call("enrol", name);
    await this.openOnline();
  }

  private async openOnline(): Promise<void> {
    this.isTrying = true;
    try {
      const hasPin = await this.remote.call<boolean>("openOnline");
      this.needsPin = !hasPin || !recall(HALF);
    } finally {
      this.isTrying = false;
    }
    if (this.standing) this.show(await this.remote.call<Standing>("standing"));
  }

  private async setPin(): Promise<void> {
    const [pin, again] = ["pin", "pin-again"].map((id) => find<HTMLInputElement>(id).value);
    if (pin !== again) {
      find("pin-error").textContent = say("pins_differ");
      return;
    }
    await this.remote.call("setPin", pin, half());
    this.needsPin = false;
    this.show(await this.remote.call<Standing>("standing"));
  }

  private async unlock(): Promise<void> {
    const user = Number(find<HTMLSelectElement>("unlock-user").value);
    const input = find<HTMLInputElement>("unlock-pin");
    const pin = input.value;
    input.value = "";
    const opening = await this.remote.call<string>("openByPin", user, pin, recall(HALF) ?? "");
    find("unlock-error").textContent = opening === "opened" ? "" : say(`pin_${opening}`);
    play(opening === "opened" ? "done" : "stopped");
  }

  private async logOut(): Promise<void> {
    remember(HALF, null);
    const csrf = await this.remote.call<string>("logOut");
    if (this.standing?.line !== "online") return;
    const body = new URLSearchParams({ csrfmiddlewaretoken: csrf });
    await fetch("/staff/logout", { method: "POST", body, headers: { "X-CSRFToken": csrf } });
    location.assign("/staff/login");
  }

  private async export(): Promise<void> {
    const { name, content } = await this.remote.call<{ name: string; content: Blob }>(
      "exportEvents",
    );
    const link = make("a", { href: URL.createObjectURL(content), download: name });
    link.click();
    toast(say("exported", { name }), "success");
  }

  private async import(): Promise<void> {
    const input = find<HTMLInputElement>("import");
    const file = input.files?.[0];
    if (!file) return;
    const fault = await this.remote.call<string>("importTaken", await file.arrayBuffer());
    input.value = "";
    toast(say(fault ? `file_${fault}` : "file_taken"), fault ? "stop" : "success");
    play(fault ? "stopped" : "done");
  }

  private show(standing: Standing): void {
    const before = this.standing;
    this.standing = standing;
    const phase = this.phase(standing);
    for (const section of document.querySelectorAll<HTMLElement>("[data-phase]")) {
      const isHere = (section.dataset.phase ?? "").split(" ").includes(phase);
      if (section.hidden === isHere) this.turn(section, isHere);
    }
    document.body.dataset.phaseNow = phase;
    this.showHead(standing);
    this.showDoors(standing, before);
    this.board.show(standing);
    if (standing.phase === "locked" && this.mayOpenItself(standing)) {
      this.openOnline().catch((error: unknown) => {
        this.complain(error);
      });
    }
  }

  private turn(section: HTMLElement, isHere: boolean): void {
    section.hidden = !isHere;
    if (isHere) section.querySelector<HTMLInputElement>("input:not([type=file])")?.focus();
  }

  private phase(standing: Standing): string {
    if (standing.phase === "open" && this.needsPin) return "pin";
    if (standing.phase === "new") {
      if (standing.line === "online") return "new";
      return standing.line === "unknown" ? "waiting" : "new-offline";
    }
    return standing.phase;
  }

  /** Who is logged in needs no PIN, unless the desk was locked on purpose. */
  private mayOpenItself(standing: Standing): boolean {
    const isMine = standing.line === "online" && standing.session !== null;
    return isMine && !this.isTrying && !recall("offline-locked");
  }

  private showHead(standing: Standing): void {
    const line = standing.line === "unknown" ? "offline" : standing.line;
    const badge = find("line");
    badge.className = `badge ${line === "online" ? "badge-in" : "badge-stop"}`;
    badge.dataset.line = line;
    for (const part of badge.querySelectorAll<HTMLElement>("[data-line-is]")) {
      part.hidden = part.dataset.lineIs !== line;
    }
    const at = standing.takenAt;
    find("age").textContent = at ? say("data_of", { hour: hour(at), day: day(at) }) : "";
    find("waiting").textContent = standing.waiting
      ? say("waiting", { count: standing.waiting })
      : say("nothing_waits");
    const toDo = find<HTMLAnchorElement>("to-do");
    toDo.hidden = standing.toDo === 0;
    toDo.textContent = say("to_do", { count: standing.toDo });
    find("device").textContent = standing.device
      ? `${standing.device.library.name} · ${standing.device.name}`
      : "";
    find("operator").textContent = standing.operator?.name ?? "";
    find("trouble").textContent = standing.trouble ? say(`trouble_${standing.trouble}`) : "";
  }

  private showDoors(standing: Standing, before: Standing | undefined): void {
    if (JSON.stringify(before?.users) === JSON.stringify(standing.users) && before) return;
    const select = find<HTMLSelectElement>("unlock-user");
    select.replaceChildren(
      ...standing.users.map(({ id, name }) => make("option", { value: String(id) }, name)),
    );
    find("no-doors").hidden = standing.users.length > 0;
    find("unlock-form").hidden = standing.users.length === 0;
  }
}

/** One tab is the desk: two would number their deeds apart and see each other's too late. */
async function alone(): Promise<boolean> {
  return new Promise((tell) => {
    void navigator.locks.request("tangthu-offline", { ifAvailable: true }, (lock) => {
      tell(lock !== null);
      return lock ? new Promise(() => undefined) : undefined;
    });
  });
}

async function begin(): Promise<void> {
  speak(read<Record<string, string>>("words"), read<Settings>("settings").icons);
  startDialogs();
  startScan();
  startSounds();
  startKeys();
  if (!("serviceWorker" in navigator) || !("locks" in navigator)) {
    find("too-old").hidden = false;
    return;
  }
  await navigator.serviceWorker.register("/desk/offline/sw.js", { scope: "/desk/offline/" });
  if (!(await alone())) {
    find("elsewhere").hidden = false;
    return;
  }
  await new Page(read<Settings>("settings")).start();
}

begin().catch((error: unknown) => {
  console.error(error);
  find("too-old").hidden = false;
});
