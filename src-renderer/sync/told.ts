import { NOTE_OWNERS } from '../../src-shared/notes/model.ts';
import { sameValue } from '../kit/saving.ts';
import { isTyped, valueText } from '../kit/valueText.ts';

/** What the program fills in by itself, and nobody looks for; the number stands beside the name. */
const UNTOLD = new Set(['id', 'no', 'created_at', 'created_by', 'updated_at', 'updated_by', 'sort_key']);
/** The same of some entities: what a thing hangs on is said in a line of its own, what holds it together is nobody's business. */
const UNTOLD_OF: Record<string, ReadonlySet<string>> = {
  attachments: new Set(['entity', 'row_id', 'sha256', 'media_type']),
  notes: new Set(NOTE_OWNERS),
  tasks: new Set(['series_id']),
  engineers: new Set(['name']),
  remote_sessions: new Set(['address_id']),
  organization: new Set(['authority_device']),
};
/** Digits of a degree: about a metre. */
const DIGITS = 5;

type Written = Record<string, unknown>;

/** The fields of written values that say something to a person; the two numbers of a place as one point. */
export function toldFields(entity: string, values: Written): Written {
  const { latitude, longitude, ...rest } = values;
  const said = Object.entries(rest).filter(([field]) => !UNTOLD.has(field) && !UNTOLD_OF[entity]?.has(field));
  return { ...Object.fromEntries(said), ...('latitude' in values || 'longitude' in values ? { point: pointText(latitude, longitude) } : {}) };
}

const pointText = (latitude: unknown, longitude: unknown): string | null => (typeof latitude === 'number' && typeof longitude === 'number' ? `${latitude.toFixed(DIGITS)}, ${longitude.toFixed(DIGITS)}` : null);

/** The told fields in which sides differ; all of them where the sides say the same. */
export function contested(entity: string, sides: readonly { values: Written }[]): string[] {
  const told = sides.map((side) => toldFields(entity, side.values));
  const all = [...new Set(told.flatMap((values) => Object.keys(values)))];
  const differing = all.filter((field) => told.some((values) => !sameValue(values[field], told[0]?.[field])));
  return differing.length > 0 ? differing : all;
}

/** Whether somebody has typed the value as it stands: it is quoted then. A date, a size, a name of a row is said. */
export const isQuoted = (field: string, value: unknown, names: Record<string, string>): boolean => field !== 'point' && typeof value === 'string' && !(value in names) && isTyped(field, value);

/** A written value in words, whole; references by the names of their rows. */
export function writtenText(entity: string, field: string, value: unknown, names: Record<string, string>): string {
  const named = Array.isArray(value) ? value.map((item: unknown) => (typeof item === 'string' ? (names[item] ?? item) : item)) : typeof value === 'string' ? (names[value] ?? value) : value;
  return named !== value && typeof named === 'string' ? named : valueText(entity, field, named, Number.POSITIVE_INFINITY);
}
