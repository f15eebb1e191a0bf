import { expect, it } from 'vitest';
import { nativeArgon, portableArgon } from '../../src-main/auth/argon.ts';

it('is written and read alike by the compiled and the portable way', async () => {
  const ways = [await nativeArgon(), await portableArgon()];
  for (const writer of ways) {
    const stored = await writer.hash('пароль с пробелом');
    expect(stored).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    for (const reader of ways) expect([await reader.verify(stored, 'пароль с пробелом'), await reader.verify(stored, 'пароль')]).toEqual([true, false]);
  }
});
