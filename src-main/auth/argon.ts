import { randomBytes } from 'node:crypto';

/** argon2id with 19 MiB, two passes, one lane: the minimum of the OWASP password storage cheat sheet. */
const MEMORY_KIB = 19_456;
const PASSES = 2;
const LANES = 1;
const ARGON2ID = 2;
const SALT_BYTES = 16;
const HASH_BYTES = 32;

/** One way of computing argon2id; hashes are written in the PHC string format, so each way reads the other's. */
export interface Argon {
  hash(password: string): Promise<string>;
  verify(stored: string, password: string): Promise<boolean>;
}

/** The compiled one, on threads of its own. @throws Error where its binary or the C++ runtime that it needs is missing */
export async function nativeArgon(): Promise<Argon> {
  const { hash, verify } = await import('@node-rs/argon2');
  return { hash: (password) => hash(password, { algorithm: ARGON2ID, memoryCost: MEMORY_KIB, timeCost: PASSES, parallelism: LANES }), verify };
}

/** WebAssembly: three times slower and on the calling thread, but at home on a bare Windows too. */
export async function portableArgon(): Promise<Argon> {
  const { argon2id, argon2Verify } = await import('hash-wasm');
  return {
    hash: (password) => argon2id({ password, salt: randomBytes(SALT_BYTES), memorySize: MEMORY_KIB, iterations: PASSES, parallelism: LANES, hashLength: HASH_BYTES, outputType: 'encoded' }),
    verify: (stored, password) => argon2Verify({ hash: stored, password }),
  };
}

let chosen: Promise<Argon> | null = null;

/** The compiled argon2 where it loads, the portable one elsewhere; decided at the first password. */
export const argon = (): Promise<Argon> => (chosen ??= nativeArgon().catch(portableArgon));
