/** How a link of a text is shown: `outside` is opened by the system, `page` is one of ours, `within` leads to another place of the text; `shown` can only be read and copied. */
export type LinkKind = 'outside' | 'page' | 'within' | 'shown' | 'none';

const OUTSIDE = new Set(['https:', 'mailto:', 'tel:']);

/** The desktop opens no unencrypted page; such an address is shown, since routers and cameras have no other. */
export function linkKind(href: string): LinkKind {
  if (href.startsWith('#')) return 'within';
  if (href.startsWith('/') && !/^\/[/\\]/.test(href)) return 'page';
  const scheme = URL.canParse(href) ? new URL(href).protocol : '';
  return OUTSIDE.has(scheme) ? 'outside' : scheme === 'http:' ? 'shown' : 'none';
}
