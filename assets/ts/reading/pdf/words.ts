/** pdf.js asks for the words of its own buttons and pages; of these we show none but ours. */
export function wordsFor(page: string): object {
  const done = (): Promise<void> => Promise.resolve();
  return {
    getLanguage: () => document.documentElement.lang,
    getDirection: () => "ltr",
    get: (ids: string | string[]) => Promise.resolve(Array.isArray(ids) ? ids.map(() => "") : ""),
    translate: (element: HTMLElement) => {
      const number = element.dataset.pageNumber;
      if (number) element.setAttribute("aria-label", `${page} ${number}`);
      return done();
    },
    translateOnce: done,
    destroy: done,
    pause: () => undefined,
    resume: () => undefined,
  };
}
