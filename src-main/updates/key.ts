import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify, type KeyObject } from 'node:crypto';
import { AppError } from '../../src-shared/kernel/errors.ts';

/** Nothing else that this key might ever sign can be taken for a feed. */
const DOMAIN = 'polevik update feed 1\n';

/** The publisher's pair (Ed25519): the private half as PEM for his safe, the public half as one line of base64 for the program. */
export function makeKeyPair(): { privateKey: string; publicKey: string } {
  const pair = generateKeyPairSync('ed25519');
  return { privateKey: pair.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(), publicKey: lineOf(pair.publicKey) };
}

const lineOf = (key: KeyObject): string => key.export({ format: 'der', type: 'spki' }).toString('base64');

function readPrivateKey(pem: string): KeyObject {
  try {
    const key = createPrivateKey(pem);
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch {
    // Refused below, without a word of what stands in the file.
  }
  throw new AppError('INVALID', { field: 'key', detail: 'updates_key_malformed' });
}

/** Signature of a statement, base64. @throws AppError INVALID `updates_key_malformed` */
export const signStatement = (statement: string, pem: string): string => sign(null, Buffer.from(DOMAIN + statement), readPrivateKey(pem)).toString('base64');

/** Whether one of the keys has signed the statement; false for anything malformed. */
export function isSigned(statement: string, signature: string, publicKeys: readonly string[]): boolean {
  return publicKeys.some((line) => {
    try {
      const key = createPublicKey({ key: Buffer.from(line, 'base64'), format: 'der', type: 'spki' });
      return key.asymmetricKeyType === 'ed25519' && verify(null, Buffer.from(DOMAIN + statement), key, Buffer.from(signature, 'base64'));
    } catch {
      return false;
    }
  });
}
