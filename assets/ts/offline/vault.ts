/**
 * The keys of the device's data.
 *
 * The data key comes from the server. So that the desk opens again without a line, it is kept
 * wrapped under what a person knows (the PIN) and what logging out deletes (the half key in the
 * page's local storage): neither opens anything without the other.
 */

const ROUNDS = 600_000;
const NONCE = 12;

export interface Wrapped {
  salt: Uint8Array<ArrayBuffer>;
  rounds: number;
  sealed: Uint8Array<ArrayBuffer>;
}

/** The opened keys. They cannot be taken out again, except to be wrapped for a PIN. */
export interface Keys {
  data: CryptoKey;
  file: CryptoKey;
  raw: Uint8Array<ArrayBuffer>;
}

export function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
}

export async function openKeys(raw: Uint8Array<ArrayBuffer>): Promise<Keys> {
  const [data, file] = await Promise.all(
    [raw.slice(0, 32), raw.slice(32, 64)].map((part) =>
      crypto.subtle.importKey("raw", part, "AES-GCM", false, ["encrypt", "decrypt"]),
    ),
  );
  if (!data || !file) throw new Error("no keys");
  return { data, file, raw };
}

async function pinKey(pin: string, half: string, salt: Uint8Array<ArrayBuffer>, rounds: number) {
  const typed = new TextEncoder().encode(`${half}:${pin.normalize("NFC")}`);
  const base = await crypto.subtle.importKey("raw", typed, "PBKDF2", false, ["deriveKey"]);
  return crypto.subtle.deriveKey(
    { name: "PBKDF2", hash: "SHA-256", salt, iterations: rounds },
    base,
    { name: "AES-GCM", length: 256 },
    false,
    ["encrypt", "decrypt"],
  );
}

export async function wrap(keys: Keys, pin: string, half: string): Promise<Wrapped> {
  const salt = crypto.getRandomValues(new Uint8Array(16));
  const sealed = await seal(await pinKey(pin, half, salt, ROUNDS), keys.raw);
  return { salt, rounds: ROUNDS, sealed };
}

/** Open the wrapped keys; null for a wrong PIN, or after logging out. */
export async function unwrap(wrapped: Wrapped, pin: string, half: string): Promise<Keys | null> {
  const key = await pinKey(pin, half, wrapped.salt, wrapped.rounds);
  try {
    return await openKeys(await unseal(key, wrapped.sealed));
  } catch {
    return null;
  }
}

export async function seal(
  key: CryptoKey,
  plain: Uint8Array<ArrayBuffer>,
  context?: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer>> {
  const iv = crypto.getRandomValues(new Uint8Array(NONCE));
  const how = { name: "AES-GCM", iv, ...(context && { additionalData: context }) };
  const text = new Uint8Array(await crypto.subtle.encrypt(how, key, plain));
  const sealed = new Uint8Array(NONCE + text.length);
  sealed.set(iv);
  sealed.set(text, NONCE);
  return sealed;
}

export async function unseal(
  key: CryptoKey,
  sealed: Uint8Array<ArrayBuffer>,
  context?: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer>> {
  const iv = sealed.slice(0, NONCE);
  const how = { name: "AES-GCM", iv, ...(context && { additionalData: context }) };
  return new Uint8Array(await crypto.subtle.decrypt(how, key, sealed.slice(NONCE)));
}

export async function sealJson(key: CryptoKey, value: unknown): Promise<Uint8Array<ArrayBuffer>> {
  return seal(key, new TextEncoder().encode(JSON.stringify(value)));
}

export async function unsealJson(
  key: CryptoKey,
  sealed: Uint8Array<ArrayBuffer>,
): Promise<unknown> {
  return JSON.parse(new TextDecoder().decode(await unseal(key, sealed)));
}

/** The four bytes, in hexadecimal, by which a key is recognised: as the server counts them. */
export async function idOf(raw: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const named = new Uint8Array([...new TextEncoder().encode("key id"), ...raw]);
  return new Uint8Array(await crypto.subtle.digest("SHA-256", named)).slice(0, 4);
}

export function hex(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
