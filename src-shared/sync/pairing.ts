/** Crockford's base 32: no I, L, O, U, so that what is read aloud or from paper is typed right. */
const LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const FINGERPRINT_LETTERS = 12;
const SECRET_LETTERS = 8;
const GROUP = 5;

/** Bytes that a code's secret is made from. */
export const SECRET_BYTES = (SECRET_LETTERS * 5) / 8;

/** What a pairing code says: the first 60 bits of the hub's fingerprint, so that nobody else can pose as it, and 40 secret bits. */
export interface PairingCode {
  fingerprint: string;
  secret: string;
}

/** The first letters of bytes in base 32. */
function lettersOf(bytes: Uint8Array, count: number): string {
  let text = '';
  let value = 0;
  let bits = 0;
  for (const byte of bytes) {
    value = (value << 8) | byte;
    bits += 8;
    while (bits >= 5 && text.length < count) {
      bits -= 5;
      text += LETTERS[(value >> bits) & 31];
    }
    value &= (1 << bits) - 1;
  }
  return text;
}

/** The part of a hub's fingerprint (SHA-256 of its authority's certificate, hex) that stands in a code. */
export const fingerprintOf = (hex: string): string => lettersOf(Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16)), FINGERPRINT_LETTERS);

/** A code for a hub's fingerprint and random bytes, in groups of five. */
export function writeCode(fingerprintHex: string, random: Uint8Array): string {
  const text = fingerprintOf(fingerprintHex) + lettersOf(random, SECRET_LETTERS);
  return text.match(new RegExp(`.{${GROUP}}`, 'g'))?.join('-') ?? text;
}

/** A code as it was typed, whatever the case, dashes, spaces and look-alikes; null for what is none. */
export function readCode(typed: string): PairingCode | null {
  const text = typed.toUpperCase().replace(/[\s-]/g, '').replace(/[IL]/g, '1').replace(/O/g, '0');
  if (text.length !== FINGERPRINT_LETTERS + SECRET_LETTERS || [...text].some((letter) => !LETTERS.includes(letter))) return null;
  return { fingerprint: text.slice(0, FINGERPRINT_LETTERS), secret: text.slice(FINGERPRINT_LETTERS) };
}

export const HUB_PORT = 7412;

/** A hub's address as it was typed: a name or an address, a port or the usual one. @returns `https://host:port`, or null */
export function readHubAddress(typed: string): string | null {
  const text = typed.trim().replace(/\/+$/, '');
  if (text === '' || /\s/.test(text)) return null;
  try {
    const url = new URL(/^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`);
    if (url.protocol !== 'https:' || url.username || url.password || url.pathname !== '/' || url.search || url.hash || !url.hostname) return null;
    return `https://${url.hostname}:${url.port || HUB_PORT}`;
  } catch {
    return null;
  }
}
