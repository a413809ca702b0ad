import { dueOf, homeOf, keptNames, renewDue, sweep } from "./kept";

const ON_LOAN = "/read/on-loan";

/**
 * Take from this browser what it keeps and its reader has no more: what is due, what was given
 * back, here or on another device, and what another reader of a shared computer borrowed. What was
 * renewed is kept on. Without a line only what is due goes.
 */
export async function startReturning(): Promise<void> {
  if (!("caches" in window)) return;
  try {
    await sweep();
    const lent = await lentNames();
    if (!lent.length) return;
    const answer = await fetch(ON_LOAN, { credentials: "same-origin" });
    if (!answer.ok) return;
    const { due } = (await answer.json()) as { due: Record<string, number | undefined> };
    for (const name of lent) await settle(name, due[homeOf(name)]);
  } catch {
    // No line, or a browser that keeps nothing.
    return;
  }
}

async function settle(name: string, due: number | undefined): Promise<void> {
  if (due === undefined) await caches.delete(name);
  else await renewDue(name, due);
}

/** What is kept until a day: that was lent. */
async function lentNames(): Promise<string[]> {
  const found: string[] = [];
  for (const name of await keptNames())
    if (typeof (await dueOf(name)) === "number") found.push(name);
  return found;
}
