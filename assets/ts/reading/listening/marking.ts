/** The mark of a lent film: captions of its own, which the browser draws in full screen as well. */

/** For so many seconds it stands in one place. */
const STANDS = 20;
/** Where it stands in turn, in hundredths from above and from the left. */
const PLACES: readonly [down: number, across: number][] = [
  [6, 25],
  [44, 70],
  [74, 30],
  [22, 72],
  [56, 28],
];
/** The longest film that is marked; nobody borrows a longer one. */
const LONGEST = 12 * 3600;

export function markFilm(film: HTMLMediaElement, words: string): void {
  const track = film.addTextTrack("captions", words);
  const fill = (): void => {
    if (!track.cues?.length) for (const cue of cuesOf(words, film.duration)) track.addCue(cue);
  };
  const show = (): void => {
    if (track.mode !== "showing") track.mode = "showing";
  };
  film.addEventListener("loadedmetadata", fill);
  if (film.readyState >= HTMLMediaElement.HAVE_METADATA) fill();
  // Who chooses other captions, or none, has turned it off with them.
  film.textTracks.addEventListener("change", show);
  show();
}

function cuesOf(words: string, duration: number): VTTCue[] {
  const end = Number.isFinite(duration) ? Math.min(duration, LONGEST) : LONGEST;
  return Array.from({ length: Math.ceil(end / STANDS) }, (_, turn) => {
    const cue = new VTTCue(turn * STANDS, (turn + 1) * STANDS, `<c.mark>${escaped(words)}</c>`);
    const [down, across] = PLACES[turn % PLACES.length] ?? [6, 25];
    Object.assign(cue, { snapToLines: false, line: down, position: across, size: 50 });
    return cue;
  });
}

function escaped(words: string): string {
  return words.replace(/&/g, "&amp;").replace(/</g, "&lt;");
}
