import { splitResponsible, type HeaderPlan } from '../../src-shared/imports/amo/index.ts';
import { foldText } from '../../src-shared/kernel/search-text.ts';
import type { Ref } from '../../src-shared/kernel/contract.ts';
import { REGISTRY } from '../core/entities.ts';
import { resolveRef } from '../store/resolve.ts';
import type { Db } from '../store/sqlite.ts';
import type { Table } from './read-table.ts';

export interface Responsible {
  name: string;
  user_id: string | null;
  user_name: string | null;
}

interface Person {
  id: string;
  full_name: string;
  email: string;
}

const MAX_NAMES = 500;
const wordsOf = (name: string): string[] => foldText(name).split(' ').sort();

/**
 * Who a name in the file is, without the branch in brackets before it: by e-mail, by login (what stands before its @), by full name in
 * any order, or by name and surname where one of the two sides has no patronymic. Several people of a name are nobody.
 */
function personOf(people: readonly Person[], cell: string): Person | undefined {
  const { name } = splitResponsible(cell);
  const login = name.trim().toLowerCase();
  const wanted = wordsOf(name);
  const only = (fits: (person: Person) => boolean): Person | undefined => {
    const found = people.filter(fits);
    return found.length === 1 ? found[0] : undefined;
  };
  const within = (person: Person): boolean => {
    const words = wordsOf(person.full_name);
    const [shorter, longer] = words.length < wanted.length ? [words, wanted] : [wanted, words];
    return shorter.length > 1 && shorter.every((word) => longer.includes(word));
  };
  return (
    only((person) => person.email === login) ??
    only((person) => person.email.split('@')[0] === login) ??
    only((person) => wordsOf(person.full_name).join(' ') === wanted.join(' ')) ??
    only(within)
  );
}

/** All names of responsible people in the file, each with the user that it means. */
export async function matchResponsibles(db: Db, table: Table, plan: HeaderPlan): Promise<Responsible[]> {
  const columns = plan.columns.filter((column) => column.field === 'responsible').map((column) => column.index);
  if (columns.length === 0) return [];
  const names = new Set<string>();
  for await (const row of table.rows()) {
    for (const column of columns) {
      const name = row.cells[column]?.trim();
      if (name) names.add(name);
    }
    if (names.size >= MAX_NAMES) break;
  }
  const people = db.all<Person>('SELECT id, full_name, lower(email) AS email FROM users WHERE deleted_at IS NULL AND active = 1');
  return [...names].map((name) => {
    const person = personOf(people, name);
    return { name, user_id: person?.id ?? null, user_name: person?.full_name ?? null };
  });
}

/** The names with the users to whom the person at the screen has given them. @throws AppError REFERENCE_NOT_FOUND, REFERENCE_AMBIGUOUS */
export function withMapping(db: Db, known: readonly Responsible[], mapped: Record<string, Ref>): Responsible[] {
  const names = new Map(known.map((one) => [one.name, one]));
  for (const [name, ref] of Object.entries(mapped)) {
    const id = resolveRef(db, REGISTRY, 'users', ref, { field: 'responsibles' });
    names.set(name, { name, user_id: id, user_name: db.get<{ full_name: string }>('SELECT full_name FROM users WHERE id = ?', id)?.full_name ?? null });
  }
  return [...names.values()];
}

/** Finds the user for a name of the file; null where nobody was recognised. */
export function responsibleFinder(known: readonly Responsible[]): (name: string | null) => string | null {
  const ids = new Map(known.map(({ name, user_id }) => [name, user_id]));
  return (name) => (name === null ? null : (ids.get(name) ?? null));
}
