import type { Random } from './random.ts';

const control = (digits: string, weights: readonly number[]): number => (weights.reduce((sum, weight, at) => sum + weight * Number(digits[at]), 0) % 11) % 10;

/** Weights of the control digit of an organisation's INN; a person's are the same with more in front. */
const TEN = [2, 4, 10, 3, 5, 9, 4, 6, 8];
const ELEVEN = [7, ...TEN];
const TWELVE = [3, ...ELEVEN];

/** INN of an organisation (10 digits) registered in a region (two digits), with its right control digit. */
export function organizationInn(random: Random, region: string): string {
  const body = region + String(random.int(1, 99)).padStart(2, '0') + String(random.int(0, 99_999)).padStart(5, '0');
  return body + String(control(body, TEN));
}

/** INN of a person (12 digits), with both of its control digits. */
export function personInn(random: Random, region: string): string {
  const body = region + String(random.int(1, 99)).padStart(2, '0') + String(random.int(0, 999_999)).padStart(6, '0');
  const first = body + String(control(body, ELEVEN));
  return first + String(control(first, TWELVE));
}

/** KPP that belongs to an INN: the same tax office, reason 01 (registered where it is). */
export const kppOf = (inn: string): string => `${inn.slice(0, 4)}01001`;

/** OGRN (13 digits) or OGRNIP (15) of a year and region; its last digit is the rest of the others. */
export function ogrn(random: Random, kind: 'organization' | 'person', region: string, year: number): string {
  const head = (kind === 'organization' ? '1' : '3') + String(year % 100).padStart(2, '0') + region;
  const rest = kind === 'organization' ? 7 : 9;
  const body = head + String(random.int(0, 10 ** rest - 1)).padStart(rest, '0');
  return body + String((Number(body) % (kind === 'organization' ? 11 : 13)) % 10);
}
