import { expect, it } from 'vitest';
import { linkKind, type LinkKind } from '../../src-renderer/knowledge/addresses.ts';

it.each<[string, LinkKind]>([
  ['https://example.com/a?b=1#c', 'outside'],
  ['HTTPS://EXAMPLE.COM', 'outside'],
  ['mailto:office@example.com', 'outside'],
  ['tel:+79991234567', 'outside'],
  ['/tickets/12?tab=files', 'page'],
  ['#user-content-fn-1', 'within'],
  ['http://192.168.88.1', 'shown'],
  // Two slashes of either kind name another machine.
  ['//example.com/spy', 'none'],
  ['/\\example.com', 'none'],
  ['/\t/example.com', 'none'],
  ['javascript:alert(1)', 'none'],
  ['data:text/html,x', 'none'],
  ['file:///etc/passwd', 'none'],
  ['polevik://pair?code=1', 'none'],
  ['схема.png', 'none'],
  ['', 'none'],
])('%j is %s', (href, kind) => {
  expect(linkKind(href)).toBe(kind);
});
