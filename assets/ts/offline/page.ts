import { startDialogs } from "../dialogs";
import { recall, remember } from "../dom";
import { startKeys } from "../keys";
import { closeMenus, startMenus } from "../menus";
import { startScan } from "../scan";
import { play, startSounds } from "../sounds";
import { toast } from "../toast";
import { Board } from "./board";
import { hour, day, make, say, speak } from "./draw";
import { HALF } from "./leaving";
import { Remote } from "./remote";
import type { Settings, Standing } from "./types";

const LOCKED = "offline-locked";

function read(id: string): unknown {
  return JSON.parse(document.getElementById(id)?.textContent ?? "{}");
}

function find(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (!found) throw new Error(`no #${id}`);
  return found;
}

function input(id: string): HTMLInputElement {
  return find(id) as HTMLInputElement;
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
  private isKept = false;

  constructor(private readonly settings: Settings) {
    this.remote = new Remote(`${settings.page}worker.js`, (standing) => {
      this.show(standing);
    });
    this.board = new Board(this.remote);
    this.listen();
  }

  async start(): Promise<void> {
    void navigator.serviceWorker.ready.then(() => {
      this.isKept = true;
      if (this.standing) this.showHead(this.standing);
    });
    await this.remote.call("start", this.settings);
    this.show(await this.remote.call<Standing>("standing"));
    await this.remote.call("meet");
  }

  private listen(): void {
    this.onSubmit("enrol-form", () => this.enrol());
    this.onSubmit("pin-form", () => this.setPin());
    this.onSubmit("unlock-form", () => this.unlock());
    this.onClick("lock", () => {
      remember(LOCKED, "yes");
      return this.remote.call("lock");
    });
    this.onClick("open-online", () => this.openOnline());
    this.onClick("log-out", () => this.logOut());
    this.onClick("export", () => this.export());
    this.onClick("meet", () => this.remote.call("meet"));
    input("import").addEventListener("change", () => void this.import());
    window.addEventListener("online", () => void this.remote.call("meet"));
    window.addEventListener("storage", (event) => {
      // Somebody logged out in another tab.
      if (event.key === HALF && !event.newValue) void this.remote.call("logOut");
    });
  }

  private onSubmit(id: string, work: () => Promise<unknown>): void {
    find(id).addEventListener("submit", (event) => {
      event.preventDefault();
      work().catch((error: unknown) => {
        this.complain(error);
      });
    });
  }

  private onClick(id: string, work: () => Promise<unknown>): void {
    find(id).addEventListener("click", () => {
      this.leaveMenu();
      work().catch((error: unknown) => {
        this.complain(error);
      });
    });
  }

  /** The page stays, so its menu has to go; the next scan lands in the box and not on the menu. */
  private leaveMenu(): void {
    closeMenus();
    input("q").focus();
  }

  private complain(error: unknown): void {
    play("stopped");
    toast(say("failed", { why: error instanceof Error ? error.message : "" }), "stop");
  }

  private async enrol(): Promise<void> {
    const name = input("device-name").value;
    await navigator.storage.persist();
    await this.remote.call("enrol", name);
    await this.openOnline();
  }

  private async openOnline(): Promise<void> {
    this.isTrying = true;
    try {
      const hasPin = await this.remote.call<boolean>("openOnline");
      this.needsPin = !hasPin || !recall(HALF);
      remember(LOCKED, null);
    } finally {
      this.isTrying = false;
    }
    if (this.standing) this.show(await this.remote.call<Standing>("standing"));
  }

  private async setPin(): Promise<void> {
    const [pin, again] = ["pin", "pin-again"].map((id) => input(id).value);
    if (pin !== again) {
      find("pin-error").textContent = say("pins_differ");
      return;
    }
    await this.remote.call("setPin", pin, half());
    this.needsPin = false;
    this.show(await this.remote.call<Standing>("standing"));
  }

  private async unlock(): Promise<void> {
    const user = Number(input("unlock-user").value);
    const typed = input("unlock-pin");
    const pin = typed.value;
    typed.value = "";
    const opening = await this.remote.call<string>("openByPin", user, pin, recall(HALF) ?? "");
    const isOpen = opening === "opened";
    if (isOpen) remember(LOCKED, null);
    find("unlock-error").textContent = isOpen ? "" : say(`pin_${opening}`);
    play(isOpen ? "done" : "stopped");
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
    const chosen = input("import");
    this.leaveMenu();
    const file = chosen.files?.[0];
    if (!file) return;
    const fault = await this.remote.call<string>("importTaken", await file.arrayBuffer());
    chosen.value = "";
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
    return isMine && !this.isTrying && !recall(LOCKED);
  }

  private showHead(standing: Standing): void {
    this.showLine(standing.line === "unknown" ? "offline" : standing.line);
    const { takenAt: at, device, operator, trouble } = standing;
    find("age").textContent = at ? say("data_of", { hour: hour(at), day: day(at) }) : "";
    find("device").textContent = device ? `${device.library.name} · ${device.name}` : "";
    find("operator").textContent = operator?.name ?? "";
    find("trouble").textContent = trouble ? say(`trouble_${trouble}`) : "";
    this.showQueue(standing);
    this.showWays(standing);
  }

  private showLine(line: string): void {
    const badge = find("line");
    badge.className = `badge ${line === "online" ? "badge-in" : "badge-stop"}`;
    for (const part of badge.querySelectorAll<HTMLElement>("[data-line-is]")) {
      part.hidden = part.dataset.lineIs !== line;
    }
  }

  private showQueue({ waiting, toDo, phase, isEngineReady, isWhole }: Standing): void {
    find("waiting").textContent =
      waiting > 0 ? say("waiting", { count: waiting }) : say("nothing_waits");
    const link = find("to-do");
    link.hidden = toDo === 0;
    link.textContent = say("to_do", { count: toDo });
    const isPrepared = isEngineReady && isWhole && this.isKept;
    const words = say(isPrepared ? "prepared" : "preparing");
    find("prepared").textContent = phase === "open" ? words : "";
  }

  /** How somebody who is locked out comes in: logged in already, or by logging in. */
  private showWays({ phase, line, session }: Standing): void {
    const isLocked = phase === "locked";
    find("open-online").hidden = !isLocked || line !== "online" || session === null;
    find("log-in").hidden = !isLocked || line !== "login";
  }

  private showDoors(standing: Standing, before: Standing | undefined): void {
    if (JSON.stringify(before?.users) === JSON.stringify(standing.users) && before) return;
    const select = find("unlock-user");
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
  const settings = read("settings") as Settings;
  speak(read("words") as Record<string, string>, settings.icons);
  startDialogs();
  startScan();
  startSounds();
  startMenus();
  startKeys();
  if (!("serviceWorker" in navigator) || !("locks" in navigator)) {
    find("too-old").hidden = false;
    return;
  }
  // Without a line the one that is there already goes on.
  await navigator.serviceWorker.register(`${settings.page}sw.js`).catch(() => undefined);
  if (!(await alone())) {
    find("elsewhere").hidden = false;
    return;
  }
  await new Page(settings).start();
}

begin().catch((error: unknown) => {
  console.error(error);
  find("too-old").hidden = false;
});
