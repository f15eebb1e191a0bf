import fc from 'fast-check';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sendReport } from '../../src-main/remote-access/index.ts';
import { decodeOutput, readConf, readId, readRegistry, readRegistryFile } from '../../src-main/remote-access/tools/decode.ts';
import type { DoorClient } from '../support/doors.ts';
import { registerOwner, startHouse, type RunningHouse } from '../support/house.ts';
import { clientOf } from '../sync/support/network.ts';
import { refusal } from './support.ts';

let house: RunningHouse;
let client: DoorClient;
let id: string;
beforeAll(async () => {
  house = await startHouse();
  client = clientOf(house.url, (await registerOwner(house.url)).token);
  id = (await client.clients.create({ name: 'Аптека' })).id;
});
afterAll(() => house.close());

const HOSTILE = ['--install', '--with-password', '-', '"quoted"@ad', "it's@ad", 'a@b&calc.exe', 'a@b\n--silent', 'a@b\r\nб', 'a\0b@ad', '$(id)@ad', '`id`@ad', '%PATH%@ad', '../../x@ad', 'anydesk:123456789', 'имя@пространство', 'a@b@c', 'a b@ad', `${'x'.repeat(65)}@ad`];

describe('what is no address', () => {
  it.each(HOSTILE)('is refused as one and as an alias, and nothing is stored: %j', async (value) => {
    expect(await refusal(client.remoteAddresses.create({ client_id: id, tool: 'anydesk', address: value }))).toMatchObject({ code: 'INVALID', field: 'address' });
    expect(await refusal(client.remoteAddresses.create({ client_id: id, tool: 'anydesk', address: '123456789', alias: value }))).toMatchObject({ code: 'INVALID', field: 'alias' });
    expect(await refusal(client.remoteAccess.report({ id, report: { tool: 'anydesk', address: value } }))).toMatchObject({ code: 'INVALID' });
    expect(await refusal(client.remoteAccess.report({ id, report: { tool: 'anydesk', address: '123456789', alias: value } }))).toMatchObject({ code: 'INVALID' });
    expect((await client.remoteAccess.ofClient({ id })).addresses).toEqual([]);
  });
});

describe('what is no hub', () => {
  let servers: Server[] = [];
  const answering = async (status: number, headers: Record<string, string>, body: string): Promise<string> => {
    const server = createServer((_request, answer) => answer.writeHead(status, headers).end(body));
    servers.push(server);
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };
  afterAll(() => {
    for (const server of servers) server.close();
    servers = [];
  });

  it.each<[string, number, Record<string, string>, string]>([
    ['a page', 200, { 'content-type': 'text/html' }, '<html>Войдите в сеть</html>'],
    ['a page that calls itself JSON', 200, { 'content-type': 'application/json' }, '<html></html>'],
    ['a redirect', 302, { location: 'http://127.0.0.1:9/elsewhere' }, ''],
    ['a redirect for good', 308, { location: '/login' }, '{}'],
    ['nothing', 200, {}, ''],
    ['null', 200, {}, 'null'],
    ['a list', 200, {}, '[]'],
    ['a foreign error', 500, {}, '{"error":"x"}'],
    ['megabytes', 200, {}, `"${'x'.repeat(3_000_000)}"`],
  ])('is known by %s', async (_what, status, headers, body) => {
    expect(await refusal(sendReport({ url: await answering(status, headers, body), token: 'plv_x' }, '1', { tool: 'anydesk', address: '123456789' }))).toMatchObject({ detail: 'sync_not_hub' });
  });

  it.each(['ftp://hub', 'javascript:alert(1)', 'http://user:pw@hub', 'hub', '', 'http://hub/?a=b', 'http://hub/#x'])('is not even asked at %j', async (url) => {
    expect(await refusal(Promise.resolve().then(() => sendReport({ url, token: 'plv_x' }, '1', {})))).toMatchObject({ code: 'INVALID', field: 'hub', detail: 'sync_address_malformed' });
  });
});

/** The bytes of a text as a program of another age would write them. */
const CP1251 = new Map([...Array(128).keys()].map((at) => [new TextDecoder('windows-1251').decode(Uint8Array.of(at + 128)), at + 128]));
const CP866 = new Map([...Array(128).keys()].map((at) => [new TextDecoder('ibm866').decode(Uint8Array.of(at + 128)), at + 128]));
const inPage = (page: Map<string, number>, text: string): Uint8Array => Uint8Array.from([...text].map((letter) => page.get(letter) ?? letter.charCodeAt(0) % 128));
const word = fc.string({ unit: fc.constantFrom(...'абвгдежзклмнопрстуфя АБВ=0123456789.-_[]"\\') });
const page = fc.constantFrom<(text: string) => Uint8Array>((text) => Buffer.from(text), (text) => Buffer.from(`\uFEFF${text}`, 'utf16le'), (text) => Buffer.from(`\uFEFF${text}`, 'utf16le').swap16(), (text) => inPage(CP866, text), (text) => inPage(CP1251, text));

describe('files and output in any code page', () => {
  it('give the address all the same, whatever words stand around it', () => {
    fc.assert(
      fc.property(page, word, fc.integer({ min: 100_000, max: 999_999_999_999 }), fc.constantFrom('\n', '\r\n'), (write, noise, number, end) => {
        const text = ['ad.title=нет', `#${noise}`, `ad.anynet.id=${number}`, ''].join(end);
        expect(readId(readConf(decodeOutput(write(text))).get('ad.anynet.id') ?? '')).toBe(String(number));
      }),
    );
  });

  it('give no address out of words', () => {
    fc.assert(fc.property(page, word, (write, noise) => readId(decodeOutput(write(`нет ${noise}`))) === null));
  });

  it('never break a reader, and no password’s key comes through', () => {
    fc.assert(
      fc.property(page, fc.array(fc.oneof(word, fc.constantFrom('[HKEY_LOCAL_MACHINE\\Software\\X]', '"DisplayName"="AnyDesk \\"x\\" \\\\"', '"N"=dword:0000002a', 'HKEY_LOCAL_MACHINE\\X', '    DisplayName    REG_SZ    AnyDesk', 'ad.anynet.pwd_hash=1', 'password=2'))), (write, lines) => {
        const text = decodeOutput(write(lines.join('\r\n')));
        readRegistry(text);
        readRegistryFile(text);
        for (const key of readConf(text).keys()) expect(key).not.toMatch(/pwd|password/i);
      }),
    );
  });

  it('has texts and numbers of an exported registry as a query has them', () => {
    const file = 'Windows Registry Editor Version 5.00\r\n\r\n[HKEY_CURRENT_USER\\Software\\Y\\AnyDesk]\r\n"DisplayName"="AnyDesk"\r\n"InstallLocation"="C:\\\\Инструменты и всё"\r\n"Size"=dword:0000002a\r\n"Blob"=hex:01,02\r\n';
    expect([...(readRegistryFile(decodeOutput(Buffer.from(`\uFEFF${file}`, 'utf16le'))).get('HKEY_CURRENT_USER\\Software\\Y\\AnyDesk') ?? [])]).toEqual([['displayname', 'AnyDesk'], ['installlocation', 'C:\\Инструменты и всё'], ['size', '0x0000002a']]);
  });
});
