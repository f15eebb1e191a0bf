import { splitResponsible, type HeaderPlan } from '../../src-shared/imports/amo/index.ts';
import { foldText } from '../../src-shared/kernel/search-text.ts';
import type { Ref } from '../../src-shared/kernel/contract.ts';
import { REGISTRY } from '../core/entities.ts';
import type { Session } from '../core/session.ts';
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
const words = (name: string): string => foldText(name).split(' ').sort().join(' ');

/** Who a name in the file is: by login (e-mail, or what stands before its @) or by full name in any order, without the branch in brackets. */
function personOf(people: readonly Person[], cell: string): Person | undefined {
  const { name } = splitResponsible(cell);
  const wanted = words(name);
  const login = name.trim().toLowerCase();
  return people.find((person) => person.email === login || person.email.split('@')[0] === login || words(person.full_name) === wanted || wanted.startsWith(`${words(person.full_name)} `));
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

/** Finds the user for a name of the file: as the person at the screen mapped it, as it was recognised, else the importer himself. */
export function responsibleFinder(session: Session, known: readonly Responsible[], mapped: Record<string, Ref>): (name: string | null) => string | null {
  const ids = new Map<string, string>();
  for (const { name, user_id } of known) if (user_id) ids.set(name, user_id);
  for (const [name, ref] of Object.entries(mapped)) ids.set(name, resolveRef(session.store.read, REGISTRY, 'users', ref, { field: 'responsibles' }));
  return (name) => (name === null ? session.actor.user_id : (ids.get(name) ?? session.actor.user_id));
}
