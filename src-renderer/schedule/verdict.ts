import type { TFunction } from 'i18next';
import type { Judgement } from '../../src-shared/schedule/judge.ts';
import { formatNumber, formatTime } from '../kit/formats.ts';

/** The first things that stand in a move's way, in words. */
export const reasonsOf = (t: TFunction, { breaches }: Pick<Judgement, 'breaches'>, most = 2): string => breaches.slice(0, most).map(({ kind, params }) => t(`schedule:breaches.${kind}`, params)).join(' ');

const signed = (value: number): string => (value > 0 ? `+${formatNumber(value)}` : value < 0 ? `−${formatNumber(-value)}` : '0');

/** What a move costs in words: minutes on the way, kilometres, the price as minutes on the way, and what else there is to know. */
export function costOf(t: TFunction, { addedTravel, addedMetres, addedCost, warnings }: Judgement): string {
  const words = t('schedule:drag.cost', { minutes: signed(Math.round(addedTravel / 60)), km: signed(Math.round(addedMetres / 100) / 10), price: signed(Math.round(addedCost / 60)) });
  return [words, ...warnings.map(({ kind, params }) => t(`schedule:breaches.${kind}`, params))].join(' ');
}

/** “Petrov, 10:15: fits, +12 min on the way”, for the eye beside the hand and for screen readers. */
export function verdictOf(t: TFunction, name: string | null, startsAt: number, judgement: Judgement | null): string {
  if (name === null) return t('schedule:drag.to_tray');
  const place = `${name}, ${formatTime(new Date(startsAt).toISOString())}`;
  if (!judgement) return place;
  return `${place}. ${judgement.breaches.length > 0 ? reasonsOf(t, judgement) : costOf(t, judgement)}`;
}
