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
  const exchange = new Exchange(keeper);
  exchange.soon();
  return { ...doors(keeper, exchange), ...deeds(keeper, exchange) };
}

function doors(keeper: Keeper, exchange: Exchange): Answers {
  return {
    standing: () => keeper.standing(),
    meet: () => exchange.run(),
    enrol: async (name: string) => {
      await keeper.remember({ device: await exchange.line.enrol(name) });
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
    openByPin: async (user: number, pin: string, half: string) => {
      const opening = await keeper.openByPin(user, pin, half);
      exchange.soon();
      return opening;
    },
    lock: () => {
      keeper.lock();
    },
    logOut: async () => {
      keeper.lock();
      await keeper.forgetDoors();
      return exchange.line.csrf;
    },
  };
}

function deeds(keeper: Keeper, exchange: Exchange): Answers {
  const desk = new OfflineDesk(keeper);
  const noted = async <T>(deed: Promise<T>): Promise<T> => {
    const value = await deed;
    exchange.soon(300);
    return value;
  };
  return {
    find: (text: string) => desk.find(text),
    show: (id: number) => desk.show(id),
    lend: (patron: number, item: number, override: string[]) =>
      noted(desk.lend(patron, item, override)),
    takeBack: (item: number | null, barcode: string) => noted(desk.takeBack(item, barcode)),
    renew: (item: number, override: string[]) => noted(desk.renew(item, override)),
    register: (newcomer: Newcomer) => noted(desk.register(newcomer)),
    categories: () => desk.categories(),
    nextCard: () => desk.nextCard(),
    exportEvents: () => exportEvents(keeper),
    importTaken: (content: ArrayBuffer) => noted(importTaken(keeper, content)),
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
  const keeper = await Keeper.start(settings, tell);
  return answersOf(keeper);
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
