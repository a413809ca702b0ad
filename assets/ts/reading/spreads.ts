/** The places shown together with this one: a cover alone, then two by two. */
export function together(place: number, count: number, twofold: boolean): number[] {
  if (!twofold || place === 0) return [place];
  const left = place % 2 === 1 ? place : place - 1;
  return left + 1 < count ? [left, left + 1] : [left];
}

/** The place to go on to from this one; itself at either end. */
export function turned(place: number, step: 1 | -1, count: number, twofold: boolean): number {
  const shown = together(place, count, twofold);
  const edge = step === 1 ? shown[shown.length - 1] : shown[0];
  const target = (edge ?? place) + step;
  if (target < 0 || target >= count) return place;
  return together(target, count, twofold)[0] ?? target;
}
