// The service worker of readers' pages. It keeps nothing: it shows a message and opens its page.
/// <reference lib="webworker" />
declare const self: ServiceWorkerGlobalScope;

interface Told {
  title?: string;
  body?: string;
  tag?: string;
  url?: string;
  lang?: string;
}

self.addEventListener("push", (event) => {
  const told = (event.data?.json() ?? {}) as Told;
  event.waitUntil(
    self.registration.showNotification(told.title ?? "Tàng Thư", {
      body: told.body,
      tag: told.tag,
      lang: told.lang ?? "vi",
      icon: "/static/ui/mark.svg",
      data: told.url ?? "/account/",
    }),
  );
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const address = new URL(String(event.notification.data), self.location.origin);
  const page = address.origin === self.location.origin ? address.href : "/account/";
  event.waitUntil(self.clients.openWindow(page));
});

export {};
