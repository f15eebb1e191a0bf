import { createPrivateKey, sign, verify, X509Certificate, type KeyObject } from 'node:crypto';
import { hostname, networkInterfaces } from 'node:os';
import { isIP } from 'node:net';
import type { Clock } from '../../../src-shared/kernel/clock.ts';
import { AppError } from '../../../src-shared/kernel/errors.ts';
import type { Db } from '../../store/sqlite.ts';
import { fingerprintOfCertificate } from './keys.ts';

const DAY = 86_400_000;
const AUTHORITY_DAYS = 3_650;
/** Browsers refuse longer ones. */
const SERVER_DAYS = 397;
const RENEW_DAYS = 30;
const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

/** What a TLS server of this installation needs. */
export interface ServerCertificate {
  /** Certificate and that of the authority behind it, PEM. */
  cert: string;
  key: string;
  authority: string;
  /** Of the authority, hex. */
  fingerprint: string;
}

/** Names and addresses under which others on the network reach this machine. */
export function lanNames(): string[] {
  const addresses = Object.values(networkInterfaces()).flatMap((all) => all ?? []);
  const own = hostname().toLowerCase();
  const names = /^[a-z0-9.-]+$/.test(own) ? [own, ...(own.includes('.') ? [] : [`${own}.local`])] : [];
  // A link-local address needs a zone, which nobody types.
  return [...new Set(['localhost', ...names, ...addresses.map((one) => one.address).filter((address) => !address.toLowerCase().startsWith('fe80:'))])];
}

/** Addresses of this machine that a colleague may type, those of the network first. */
export const lanAddresses = (): string[] => {
  const addresses = Object.values(networkInterfaces()).flatMap((all) => all ?? []);
  const outer = addresses.filter((one) => !one.internal && one.family === 'IPv4').map((one) => one.address);
  return outer.length > 0 ? outer : ['127.0.0.1'];
};

async function load() {
  // Loaded only where a certificate is made: it is the largest part of all that the core is made of.
  await import('reflect-metadata');
  const x509 = await import('@peculiar/x509');
  x509.cryptoProvider.set(globalThis.crypto);
  return x509;
}

const pemOf = (kind: string, der: ArrayBuffer): string => `-----BEGIN ${kind}-----\n${(Buffer.from(der).toString('base64').match(/.{1,64}/g) ?? []).join('\n')}\n-----END ${kind}-----\n`;
const derOf = (pem: string): Uint8Array<ArrayBuffer> => new Uint8Array(Buffer.from(pem.replace(/-----[^-]+-----|\s/g, ''), 'base64'));
const serial = (): string => Buffer.from(globalThis.crypto.getRandomValues(new Uint8Array(16))).toString('hex').replace(/^[89a-f]/, '1');

/** A certificate and its private key, PEM. */
export interface Pair {
  cert: string;
  key: string;
}

async function makeAuthority(now: number): Promise<Pair> {
  const x509 = await load();
  const keys = await crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serial(),
    name: `CN=Polevik ${hostname().replace(/[^\w.-]/g, ' ')}`,
    notBefore: new Date(now - DAY),
    notAfter: new Date(now + AUTHORITY_DAYS * DAY),
    signingAlgorithm: ALGORITHM,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { cert: `${certificate.toString('pem')}\n`, key: pemOf('PRIVATE KEY', await crypto.subtle.exportKey('pkcs8', keys.privateKey)) };
}

async function makeServer(authority: Pair, names: string[], now: number): Promise<Pair> {
  const x509 = await load();
  const keys = await crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const issuer = new x509.X509Certificate(authority.cert);
  const signingKey = await crypto.subtle.importKey('pkcs8', derOf(authority.key), ALGORITHM, false, ['sign']);
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serial(),
    subject: 'CN=Polevik',
    issuer: issuer.subject,
    notBefore: new Date(now - DAY),
    notAfter: new Date(now + SERVER_DAYS * DAY),
    signingAlgorithm: ALGORITHM,
    publicKey: keys.publicKey,
    signingKey,
    extensions: [
      new x509.BasicConstraintsExtension(false),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(names.map((name) => (isIP(name) ? { type: 'ip' as const, value: name } : { type: 'dns' as const, value: name }))),
      await x509.AuthorityKeyIdentifierExtension.create(issuer),
    ],
  });
  return { cert: `${certificate.toString('pem')}\n`, key: pemOf('PRIVATE KEY', await crypto.subtle.exportKey('pkcs8', keys.privateKey)) };
}

const readPair = (db: Db, name: string): Pair | null => {
  const row = db.get<{ value: Buffer }>('SELECT value FROM keys WHERE name = ?', name);
  return row ? (JSON.parse(row.value.toString('utf8')) as Pair) : null;
};
const writePair = (db: Db, name: string, pair: Pair): Pair => {
  db.run('INSERT OR REPLACE INTO keys (name, value) VALUES (?, ?)', name, Buffer.from(JSON.stringify(pair)));
  return pair;
};

/** Whether a certificate serves all the names for a while yet. */
function isFit({ cert }: Pair, names: string[], now: number): boolean {
  const certificate = new X509Certificate(cert);
  return certificate.validToDate.getTime() - now > RENEW_DAYS * DAY && names.every((name) => (isIP(name) ? certificate.checkIP(name) : certificate.checkHost(name)));
}

/** The installation's own authority and a server certificate for its present names; made where they are missing or no longer fit. */
export async function serverCertificate(db: Db, clock: Clock, names = lanNames()): Promise<ServerCertificate> {
  const now = clock.now();
  const authority = readPair(db, 'authority') ?? writePair(db, 'authority', await makeAuthority(now));
  const kept = readPair(db, 'server');
  const server = kept && isFit(kept, names, now) ? kept : writePair(db, 'server', await makeServer(authority, names, now));
  return { cert: server.cert + authority.cert, key: server.key, authority: authority.cert, fingerprint: fingerprintOfCertificate(authority.cert) };
}

/** This installation's authority with its private key, for the hub processes that share it; made where it is missing. */
export const authorityPair = async (db: Db, clock: Clock): Promise<Pair> => readPair(db, 'authority') ?? writePair(db, 'authority', await makeAuthority(clock.now()));

/** Serves under the authority of other hub processes from now on. @throws AppError CONFLICT `sync_log_other_authority` where devices have pinned another one of this installation's */
export function adoptAuthority(db: Db, pair: Pair): void {
  const own = readPair(db, 'authority');
  if (own?.cert === pair.cert) return;
  if (own && db.get('SELECT 1 FROM sync_peers LIMIT 1') !== undefined) throw new AppError('CONFLICT', { detail: 'sync_log_other_authority' });
  db.run("DELETE FROM keys WHERE name = 'server'");
  writePair(db, 'authority', pair);
  signing.delete(db);
}

const signing = new WeakMap<Db, { cert: string; key: KeyObject }>();
function ownAuthority(db: Db): { cert: string; key: KeyObject } | null {
  const known = signing.get(db);
  if (known) return known;
  const pair = readPair(db, 'authority');
  if (!pair) return null;
  const made = { cert: pair.cert, key: createPrivateKey(pair.key) };
  signing.set(db, made);
  return made;
}

/** Signs a text as this installation's authority (ECDSA P-256, base64); null where it never was a hub. */
export function authoritySign(db: Db, text: string): string | null {
  const own = ownAuthority(db);
  return own && sign('sha256', Buffer.from(text), own.key).toString('base64');
}

/** The certificate of this installation's authority, PEM; null where it never was a hub. */
export const authorityCertificate = (db: Db): string | null => ownAuthority(db)?.cert ?? null;

/** Whether the text was signed by an authority; false for anything malformed. */
export function isSignedByAuthority(authority: string, text: string, signature: string): boolean {
  try {
    return verify('sha256', Buffer.from(text), new X509Certificate(authority).publicKey, Buffer.from(signature, 'base64'));
  } catch {
    return false;
  }
}
