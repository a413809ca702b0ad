import { on, remember } from "../dom";

export const HALF = "offline-half";

/** Logging out, on whatever page, deletes the half key without which no PIN opens the offline desk. */
export function startLeaving(): void {
  on("submit", 'form[action="/staff/logout"]', () => {
    remember(HALF, null);
  });
}
