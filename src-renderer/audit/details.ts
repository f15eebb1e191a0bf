import type { TFunction } from 'i18next';
import { formatNumber } from '../kit/formats.ts';
import { formatSize } from '../kit/sizes.ts';

/** What only programs make use of. */
const UNTOLD: ReadonlySet<string> = new Set(['id', 'session', 'peer', 'user', 'for', 'account', 'operation']);

/** Details of a security event in words, each with what it is. */
export function detailsOf(t: TFunction, details: Record<string, unknown>): string {
  return Object.entries(details)
    .filter(([name, value]) => !UNTOLD.has(name) && value !== null && value !== '')
    .map(([name, value]) => `${t(`audit:detail_names.${name}`, { defaultValue: name })}: ${wordsOf(t, name, value)}`)
    .join('; ');
}

function wordsOf(t: TFunction, name: string, value: unknown): string {
  if (typeof value === 'boolean') return t(value ? 'app:yes' : 'app:no');
  if (typeof value === 'number') return name === 'size' ? formatSize(value) : formatNumber(value);
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  switch (name) {
    case 'permission':
      return t(`settings:permissions.${text}`, { defaultValue: text });
    case 'role':
      return t(`users:enums.${text}`, { defaultValue: text });
    case 'entity':
      return t(`app:entities.${text}`, { defaultValue: text });
    case 'job':
      return t(`jobs:names.${text}`, { defaultValue: text });
    case 'reason':
      return t(`audit:reasons.${text}`, { defaultValue: text });
    case 'format':
      return text.toUpperCase();
    default:
      return text;
  }
}
