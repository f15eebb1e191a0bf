import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify, X509Certificate, type KeyObject } from 'node:crypto';
import type { Db } from '../../store/sqlite.ts';

const NAME = 'device';

/** The key by which this installation is known to hubs (Ed25519). It never leaves the directory. */
export interface DeviceKey {
  /** The public half, SPKI in base64. */
  readonly publicKey: string;
  /** Signature of a text, base64. */
  sign(text: string): string;
}

/** The installation's key, made when it is first asked for. */
export function deviceKey(db: Db): DeviceKey {
  const kept = db.get<{ value: Buffer }>('SELECT value FROM keys WHERE name = ?', NAME);
  const key: KeyObject = kept ? createPrivateKey({ key: kept.value, format: 'der', type: 'pkcs8' }) : generateKeyPairSync('ed25519').privateKey;
  if (!kept) db.run('INSERT INTO keys (name, value) VALUES (?, ?)', NAME, key.export({ format: 'der', type: 'pkcs8' }));
  const publicKey = createPublicKey(key).export({ format: 'der', type: 'spki' }).toString('base64');
  return { publicKey, sign: (text) => sign(null, Buffer.from(text), key).toString('base64') };
}

/** Whether the text was signed by the holder of the key; false for anything malformed. */
export function isSignedBy(publicKey: string, text: string, signature: string): boolean {
  try {
    const key = createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' });
    return key.asymmetricKeyType === 'ed25519' && verify(null, Buffer.from(text), key, Buffer.from(signature, 'base64'));
  } catch {
    return false;
  }
}

/** SHA-256 of a certificate, hex: what a pairing code begins with and what a device pins. */
export const fingerprintOfCertificate = (certificate: X509Certificate | string): string =>
  createHash('sha256').update((typeof certificate === 'string' ? new X509Certificate(certificate) : certificate).raw).digest('hex');

/** What a device signs to open its session with a hub. */
export const sessionText = (challenge: string, peer: string): string => `polevik sync session 1\n${challenge}\n${peer}`;
