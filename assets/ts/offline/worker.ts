import { OfflineDesk } from "./desk";
import { Exchange } from "./exchange";
import { exportEvents, importTaken } from "./files";
import { Keeper } from "./keeper";
import type { Newcomer, Settings } from "./types";

interface Call {
  id: number;
  name: string;
  args: unknown[];
}

type Answers = Record<string, (...args: never[]) => unknown>;

let told: ReturnType<typeof setTimeout> | undefined;
let answers: Promise<Answers> | undefined;

function answersOf(keeper: Keeper): Answers {
  const desk = new OfflineDesk(keeper);
  const exchange = new Exchange(keeper);
  const noted = <T>(value: T): T => {
    exchange.soon(300);
    return value;
  };
  exchange.soon();
  return {
    standing: () => keeper.standing(),
    meet: () => exchange.run(),
    enrol: async (name: string) => {
      const device = await exchange.line.enrol(name);
      await keeper.remember({ device });
      await exchange.ask();
    },
    openOnline: async () => {
      const session = await exchange.ask();
      const uid = keeper.device?.uid ?? "";
      await keeper.openWith(await exchange.line.keys(uid, keeper.meta.keyId ?? ""), session);
      exchange.soon();
      return keeper.hasPin(session.user.id);
    },
    setPin: (pin: string, half: string) => keeper.setPin(pin, half),
    openByPin: async (user: number, pin: string, half: string) =>
      noted(await keeper.openByPin(user, pin, half)),
    lock: () => {
      keeper.lock();
    },
    logOut: async () => {
      keeper.lock();
      await keeper.forgetDoors();
      return exchange.line.csrf;
    },
    find: (text: string) => desk.find(text),
    show: (id: number) => desk.show(id),
    lend: async (patron: number, item: number, override: string[]) =>
      noted(await desk.lend(patron, item, override)),
    takeBack: async (item: number | null, barcode: string) =>
      noted(await desk.takeBack(item, barcode)),
    renew: async (item: number, override: string[]) => noted(await desk.renew(item, override)),
    register: async (newcomer: Newcomer) => noted(await desk.register(newcomer)),
    categories: () => desk.categories(),
    nextCard: () => desk.nextCard(),
    exportEvents: () => exportEvents(keeper),
    importTaken: async (content: ArrayBuffer) => noted(await importTaken(keeper, content)),
    judge: (question: Record<string, unknown>) => keeper.engine?.ask(question),
  };
}

function tell(keeper: Keeper): void {
  clearTimeout(told);
  told = setTimeout(() => {
    void keeper.standing().then((standing) => {
      postMessage({ standing });
    });
  }, 30);
}

async function start(settings: Settings): Promise<Answers> {
  let ready: Keeper | undefined;
  ready = await Keeper.start(settings, () => {
    if (ready) tell(ready);
  });
  return answersOf(ready);
}

async function answer({ id, name, args }: Call): Promise<void> {
  try {
    if (name === "start") answers ??= start(args[0] as Settings);
    const known = (await answers)?.[name];
    const value: unknown = known ? await known(...(args as never[])) : undefined;
    postMessage({ id, value });
  } catch (error) {
    postMessage({ id, error: error instanceof Error ? error.message : String(error) });
  }
}

self.addEventListener("message", (event: MessageEvent<Call>) => {
  void answer(event.data);
});
