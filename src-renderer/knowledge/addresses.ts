/** How a link of a text is shown: `outside` is opened by the system, `page` is one of ours, `within` leads to another place of the text; `shown` can only be read and copied. */
export type LinkKind = 'outside' | 'page' | 'within' | 'shown' | 'none';

/** Stands for wherever the page comes from: an address that leads away from it is none of ours. */
const HERE = 'https://here.invalid';
const OUTSIDE = new Set(['https:', 'mailto:', 'tel:']);

/** The desktop opens no unencrypted page; such an address is shown, since routers and cameras have no other. */
export function linkKind(href: string): LinkKind {
  if (href.startsWith('#')) return 'within';
  if (href.startsWith('/')) return URL.canParse(href, HERE) && new URL(href, HERE).origin === HERE ? 'page' : 'none';
  const scheme = URL.canParse(href) ? new URL(href).protocol : '';
  return OUTSIDE.has(scheme) ? 'outside' : scheme === 'http:' ? 'shown' : 'none';
}
