import { each, on } from "./dom";

let timer: number | undefined;

/** What happens at nought: the page that is named, or the form around is sent. */
function end(clock: HTMLElement): void {
  const { home } = clock.dataset;
  const form = clock.closest("form");
  if (home) location.replace(home);
  else form?.requestSubmit();
}

/**
 * A clock that somebody sees (`data-countdown="60"`, `data-say`): each touch or key winds it up
 * again, and at nought the station forgets who was there. One at a time.
 */
export function startCountdown(): void {
  each("[data-countdown]", (clock) => {
    window.clearInterval(timer);
    const whole = Number(clock.dataset.countdown);
    let left = whole;
    const show = (): void => {
      clock.textContent = `${clock.dataset.say ?? ""} ${String(left)}`;
      clock.classList.toggle("is-ending", left <= 10);
    };
    const wind = (): void => {
      left = whole;
      show();
    };
    show();
    for (const touch of ["pointerdown", "keydown"]) document.addEventListener(touch, wind);
    timer = window.setInterval(() => {
      if (!clock.isConnected) {
        for (const touch of ["pointerdown", "keydown"]) document.removeEventListener(touch, wind);
        return;
      }
      left -= 1;
      show();
      if (left > 0) return;
      window.clearInterval(timer);
      end(clock);
    }, 1000);
  });
}

/** A slip that prints itself when it appears (`data-print`), and a button for the whole screen. */
export function startStation(): void {
  each("[data-print]", (slip) => {
    delete slip.dataset.print;
    window.print();
  });
  each("[data-takes-focus]", (input) => {
    input.focus();
  });
  on("click", "[data-fullscreen]", () => {
    if (document.fullscreenElement) void document.exitFullscreen();
    else void document.documentElement.requestFullscreen();
  });
}
