import type { KeepingTold } from "../keeping";
import type { PlacesTold } from "../places";

/** A recording of the object: its number, its name, how long it lasts in seconds. */
export type Recorded = [part: number, title: string, seconds: number];

/** What the player knows of the object; `reading/following.py` writes it. */
export interface Told {
  home: string;
  title: string;
  library: string;
  part: number;
  recordings: Recorded[];
  /** Whose loan it is, where that is shown over the film; else empty. */
  mark: string;
  /** What is fetched to listen without a line: where it is kept, and where it is had now. */
  files: [kept: string, fetched: string][];
  places: PlacesTold;
  offline: KeepingTold;
  words: Record<string, string | undefined>;
}

export function toldOf(): Told | null {
  const text = document.querySelector("#player-data")?.textContent;
  return text ? (JSON.parse(text) as Told) : null;
}
