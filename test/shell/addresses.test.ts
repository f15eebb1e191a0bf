import { expect, it } from 'vitest';
import { outsideUrl, ownPath, ownUrl, pathOfLink } from '../../src-main/shell/addresses.ts';

it('knows its own addresses and nobody else’s', () => {
  expect(ownPath(ownUrl('/tickets/12?view=board'))).toBe('/tickets/12?view=board');
  for (const url of ['app://polevik.evil/', 'app://polevik@evil/', 'app://evil/polevik', 'https://polevik/', 'file:///etc/passwd', 'javascript:alert(1)', 'appx://polevik/', '', 'about:blank']) expect(ownPath(url), url).toBeNull();
});

it.each([
  ['polevik://tickets/12', '/tickets/12'],
  ['polevik://tickets', '/tickets'],
  ['polevik://clients/0198c0de-0000-7000-8000-00000000abcd', '/clients/0198c0de-0000-7000-8000-00000000abcd'],
  ['polevik://settings', '/settings'],
  ['POLEVIK://desk/', '/desk'],
  ['polevik://tickets/new', '/tickets/new'],
  ['polevik://pair?hub=https%3A%2F%2F192.168.1.10%3A7412&code=GSP17-HGFNT-1KEBV-BJ0SK', '/settings/sync?code=GSP17-HGFNT-1KEBV-BJ0SK&hub=https%3A%2F%2F192.168.1.10%3A7412'],
  ['polevik://tickets/12?q=<script>#x', '/tickets/12'],
])('turns %s into a page', (link, path) => expect(pathOfLink(link)).toBe(path));

it.each([
  'polevik://settings/12',
  'polevik://pair',
  'polevik://pair?code=GSP17-HGFNT-1KEBV-BJ0SK',
  'polevik://pair?hub=http%3A%2F%2F10.0.0.1&code=GSP17-HGFNT-1KEBV-BJ0SK',
  'polevik://pair?hub=https%3A%2F%2Fuser%40evil&code=GSP17-HGFNT-1KEBV-BJ0SK',
  'polevik://pair/x?hub=10.0.0.1&code=GSP17-HGFNT-1KEBV-BJ0SK',
  'polevik://pair?hub=10.0.0.1&code=%3Cscript%3E',
  'polevik://shell/quit',
  'polevik://tickets/12/edit',
  'polevik://tickets/../../etc',
  'polevik://tickets/1 or 1=1',
  'polevik://user@tickets/12',
  'polevik://tickets:80/12',
  'polevik:tickets/12',
  'https://tickets/12',
  'polevik://',
  'polevik:///tickets/12',
  'polevik://desk/new',
  'polevik://contracts/new/1',
  'polevik://tickets/NEW',
  'polevik://tickets/new%20--data-dir',
  'polevik://tickets/%2e%2e%2fshell%2fquit',
  'polevik://tickets/12%00',
  'polevik://tickets/-1',
  'polevik://tickets/1e3',
  'polevik://tickets/1234567890123456',
  'polevik://tickets/\u0661\u0662',
  'polevik://tickets.evil.example/12',
  'polevik://tickets%2f12',
  'polevik://x" --no-sandbox --gpu-launcher=calc "',
  'polevik:javascript:alert(1)',
  'polevik://javascript:alert(1)',
  'javascript:polevik://tickets/12',
  ' --remote-debugging-port=1 polevik://tickets/12',
  'polevik://user:word@tickets/12',
  '--data-dir=/tmp',
])('refuses %s', (link) => expect(pathOfLink(link)).toBeNull());

it('hands only the web, mail and telephones to the system', () => {
  expect(outsideUrl('https://example.com/a b')).toBe('https://example.com/a%20b');
  expect(outsideUrl('mailto:anna@example.com')).toBe('mailto:anna@example.com');
  expect(outsideUrl('tel:+79991234567')).toBe('tel:+79991234567');
  for (const url of ['http://example.com/', 'https://user:word@example.com/', 'file:///C:/Windows/System32/calc.exe', 'javascript:alert(1)', 'ms-msdt:/id', 'smb://host/share', 'polevik://tickets/1', `https://example.com/${'a'.repeat(3000)}`, 'не адрес']) expect(outsideUrl(url), url).toBeNull();
});
