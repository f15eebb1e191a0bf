import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { attachmentPolicy, cleanFileName, contentDisposition, mediaTypeOf, rangeOf } from '../../src-shared/attachments/rules.ts';
import type { Actor, Role } from '../../src-shared/kernel/permissions.ts';

describe('the name of a file', () => {
  it.each([
    ['Щиток после ремонта.jpg', 'Щиток после ремонта.jpg'],
    ['../../etc/passwd', 'passwd'],
    ['..\\..\\windows\\system32\\cmd.exe', 'cmd.exe'],
    ['/absolute/путь.txt', 'путь.txt'],
    ['..', 'file'],
    ['', 'file'],
    ['...hidden', 'hidden'],
    ['конец. . .', 'конец'],
    ['a\u0000b\r\nSet-Cookie: x.txt', 'abSet-Cookie_ x.txt'],
    ['отчёт\u202Egpj.exe', 'отчётgpj.exe'],
    ['\u200f\u2066невидимо\u2069.pdf', 'невидимо.pdf'],
    ['<script>alert(1)<|script>.html', '_script_alert(1)__script_.html'],
    ['CON', '_CON'],
    ['com1.txt', '_com1.txt'],
    ['й и\u0306.txt', 'й й.txt'],
    ['\ud800кусок.txt', '\ufffdкусок.txt'],
    ['акт'.repeat(200) + '.pdf', `${'акт'.repeat(200).slice(0, 118)}.pdf`],
  ])('%j is kept as %j', (given, kept) => expect(cleanFileName(given)).toBe(kept));

  it('is never a path, never invisible, never too long, and stays as it is once clean', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (given) => {
        const name = cleanFileName(given);
        expect(name).not.toBe('');
        expect(['.', '..']).not.toContain(name);
        // eslint-disable-next-line no-control-regex -- these must not be there
        expect(name).not.toMatch(/[/\\<>:"|?*\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
        expect(Buffer.byteLength(name)).toBeLessThanOrEqual(240);
        expect(cleanFileName(name)).toBe(name);
      }),
    );
  });

  it('cannot break out of the header that it stands in', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 100 }), (given) => {
        const header = contentDisposition('attachment', given);
        expect(header).toMatch(/^attachment; filename="[\x20-\x21\x23-\x5b\x5d-\x7e]*"; filename\*=UTF-8''[A-Za-z0-9._~%-]+$/);
        expect(decodeURIComponent(header.split("UTF-8''")[1] ?? '')).toBe(cleanFileName(given));
      }),
    );
  });
});

it.each([
  ['a.jpg', 'image/jpeg', 'image/jpeg'],
  ['a.jpg', '', 'image/jpeg'],
  ['a.JPG', 'application/octet-stream', 'image/jpeg'],
  ['a.bin', 'text/html; charset=utf-8', 'text/html'],
  ['a.bin', 'text/html\r\nx: y', 'application/octet-stream'],
  ['a', null, 'application/octet-stream'],
])('%s sent as %j is %s', (name, said, type) => expect(mediaTypeOf(name, said)).toBe(type));

it.each([
  [undefined, null],
  ['bytes=0-', { start: 0, end: 99 }],
  ['bytes=10-19', { start: 10, end: 19 }],
  ['bytes=90-200', { start: 90, end: 99 }],
  ['bytes=-10', { start: 90, end: 99 }],
  ['bytes=-1000', { start: 0, end: 99 }],
  ['bytes=100-', 'unsatisfiable'],
  ['bytes=-0', 'unsatisfiable'],
  ['bytes=20-10', null],
  ['bytes=0-1,5-6', null],
  ['items=0-1', null],
  ['bytes=-', null],
])('a range of %j of 100 bytes is %j', (header, range) => expect(rangeOf(header, 100)).toEqual(range));

describe('who may do what with a file', () => {
  const actor = (role: Role, scope?: Actor['scope']): Actor => ({ user_id: 'u', organization_id: 'o', role, full_name: '', branch_id: null, language: 'ru', scope });
  const row = { entity: 'tickets', row_id: 'r', sha256: 'a'.repeat(64), size: 5, media_type: 'image/png', file_name: 'a.png' };
  it.each([
    ['an engineer adds to a ticket', actor('engineer'), 'create', null, row, true],
    ['a client adds nothing', actor('client'), 'create', null, row, false],
    ['a token for assets does not reach tickets', actor('owner', ['base.write']), 'create', null, row, false],
    ['a token for assets reaches assets', actor('owner', ['base.write']), 'create', null, { ...row, entity: 'assets' }, true],
    ['a name changes', actor('engineer'), 'update', row, { ...row, file_name: 'b.png' }, true],
    ['a content does not', actor('owner'), 'update', row, { ...row, sha256: 'b'.repeat(64) }, false],
    ['nor does the row', actor('owner'), 'update', row, { ...row, row_id: 's' }, false],
    ['a hash that is a path', actor('owner'), 'create', null, { ...row, sha256: '../../etc/passwd' }, false],
    ['a hash in capitals', actor('owner'), 'create', null, { ...row, sha256: 'A'.repeat(64) }, false],
    ['no size', actor('owner'), 'create', null, { ...row, size: 0 }, false],
    ['too large', actor('owner'), 'create', null, { ...row, size: 200 * 1024 * 1024 + 1 }, false],
    ['an entity without files', actor('owner'), 'create', null, { ...row, entity: 'users' }, false],
    ['an entity of the language', actor('owner'), 'create', null, { ...row, entity: 'constructor' }, false],
    ['an engineer deletes for good', actor('engineer'), 'purge', row, null, false],
    ['an admin deletes for good', actor('admin'), 'purge', row, null, true],
  ] as const)('%s', (_name, who, action, before, after, allowed) => expect(attachmentPolicy(who, action, before, after).allowed).toBe(allowed));

  it('goes to the trash with its row, whoever deletes that', () => expect(attachmentPolicy(actor('client'), 'delete', row, row, { directed_branches: [], with_parent: true }).allowed).toBe(true));
});
