import { toast } from "../toast";
import type { Reading } from "./data";

// A ticket is good for a quarter of an hour.
const RENEW_AFTER = 10 * 60_000;
const NOT_BEFORE = 20_000;

/** Keep the ticket of a restricted object fresh; `renewed` is told when a lost one was replaced. */
export class Tickets {
  private asked = 0;

  constructor(
    private readonly reading: Reading,
    private readonly renewed: () => void,
  ) {
    if (reading.renew) window.setInterval(() => void this.renew(), RENEW_AFTER);
  }

  /** A picture did not come: perhaps the ticket ran out while the machine slept. */
  async lost(): Promise<void> {
    if (!this.reading.renew || Date.now() - this.asked < NOT_BEFORE) return;
    if (await this.renew()) this.renewed();
    else toast(this.reading.words.lost, "stop");
  }

  /** Fetch a fresh ticket; false where none is given. */
  async renew(): Promise<boolean> {
    this.asked = Date.now();
    try {
      const answer = await fetch(this.reading.renew, { credentials: "same-origin" });
      if (!answer.ok) return false;
      const given = (await answer.json()) as { ticket: string };
      this.reading.ticket = given.ticket;
      return true;
    } catch {
      return false;
    }
  }
}
