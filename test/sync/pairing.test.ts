import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fingerprintOf, readCode, readHubAddress, SECRET_BYTES, writeCode } from '../../src-shared/sync/pairing.ts';

const fingerprint = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes).toString('hex'));
const secret = fc.uint8Array({ minLength: SECRET_BYTES, maxLength: SECRET_BYTES });

describe('a pairing code', () => {
  it('is read as it was written, whatever the case, spaces and look-alikes it was typed with', () => {
    fc.assert(
      fc.property(fingerprint, secret, (hex, random) => {
        const code = writeCode(hex, random);
        expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{5}(-[0-9A-HJKMNP-TV-Z]{5}){3}$/);
        const read = readCode(code);
        expect(read?.fingerprint).toBe(fingerprintOf(hex));
        for (const typed of [code.toLowerCase(), code.replaceAll('-', ''), ` ${code.replaceAll('-', ' ')} `, code.replaceAll('0', 'O').replaceAll('1', 'l')]) expect(readCode(typed)).toEqual(read);
      }),
    );
  });

  it('differs where fingerprint or secret differ', () => {
    fc.assert(fc.property(fingerprint, secret, secret, (hex, one, other) => (writeCode(hex, one) === writeCode(hex, other)) === Buffer.from(one).equals(Buffer.from(other))));
  });

  it.each(['', 'ABCDE', 'ABCDE-ABCDE-ABCDE-ABCDEF', 'ABCDE-ABCDE-ABCDE-ABCD!', 'АБВГД-АБВГД-АБВГД-АБВГД', 'UUUUU-UUUUU-UUUUU-UUUUU'])('is not %j', (typed) => expect(readCode(typed)).toBeNull());
});

describe('the address of a hub', () => {
  it.each([
    ['192.168.1.10', 'https://192.168.1.10:7412'],
    ['server.local:8443', 'https://server.local:8443'],
    [' https://10.0.0.5/ ', 'https://10.0.0.5:7412'],
    ['[fe80::1]:7412', 'https://[fe80::1]:7412'],
    ['сервер.рф', 'https://xn--b1afb6bcb.xn--p1ai:7412'],
  ])('%s is %s', (typed, url) => expect(readHubAddress(typed)).toBe(url));

  it.each(['', 'http://10.0.0.1', 'https://user@10.0.0.1', 'https://10.0.0.1/path', 'https://10.0.0.1?x=1', 'два слова', 'file:///etc/passwd', 'host:99999'])('is not %j', (typed) => expect(readHubAddress(typed)).toBeNull());
});
