import type { Standing } from "./types";

interface Waiting {
  done: (value: never) => void;
  failed: (error: Error) => void;
}

/** The worker, called as if it were here. */
export class Remote {
  private readonly waiting = new Map<number, Waiting>();
  private last = 0;
  private readonly worker: Worker;

  constructor(address: string, onStanding: (standing: Standing) => void) {
    this.worker = new Worker(address, { type: "module" });
    this.worker.addEventListener("message", (event: MessageEvent<Record<string, unknown>>) => {
      const { standing, id, value, error } = event.data;
      if (standing) {
        onStanding(standing as Standing);
        return;
      }
      const waiting = this.waiting.get(Number(id));
      this.waiting.delete(Number(id));
      if (typeof error === "string") waiting?.failed(new Error(error));
      else waiting?.done(value as never);
    });
  }

  call<T>(name: string, ...args: unknown[]): Promise<T> {
    this.last += 1;
    const id = this.last;
    return new Promise<T>((done, failed) => {
      this.waiting.set(id, { done, failed });
      this.worker.postMessage({ id, name, args });
    });
  }
}
