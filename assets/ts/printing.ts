/** A paper that goes to the printer by itself as soon as its page is there (`data-print-itself`). */
export function startPrinting(): void {
  if (document.querySelector("[data-print-itself]")) {
    window.addEventListener("load", () => {
      window.print();
    });
  }
}
