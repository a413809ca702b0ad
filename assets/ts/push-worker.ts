/** The service worker of readers' pages. It keeps nothing: it shows a message and opens its page. */

interface Told {
  title?: string;
  body?: string;
  tag?: string;
  url?: string;
  lang?: string;
}

// Typed by hand: the DOM library and the worker library cannot both be loaded.
interface Waiting extends Event {
  waitUntil(work: Promise<unknown>): void;
}

interface Pushed extends Waiting {
  data: { json(): unknown } | null;
}

interface Pressed extends Waiting {
  notification: Notification;
}

interface Worker {
  registration: ServiceWorkerRegistration;
  location: Location;
  clients: { openWindow(address: string): Promise<unknown> };
  addEventListener(type: "push", handle: (event: Pushed) => void): void;
  addEventListener(type: "notificationclick", handle: (event: Pressed) => void): void;
}

const worker = self as unknown as Worker;

worker.addEventListener("push", (event) => {
  const told = (event.data?.json() ?? {}) as Told;
  event.waitUntil(
    worker.registration.showNotification(told.title ?? "Tàng Thư", {
      body: told.body,
      tag: told.tag,
      lang: told.lang ?? "vi",
      icon: "/static/ui/mark.svg",
      data: told.url ?? "/account/",
    }),
  );
});

worker.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const address = new URL(String(event.notification.data), worker.location.origin);
  const page = address.origin === worker.location.origin ? address.href : "/account/";
  event.waitUntil(worker.clients.openWindow(page));
});

export {};
