import { client } from '../app/client.ts';
import type { Values } from './definition.ts';
import { formatPhone } from './formats.ts';
import type { EntityName } from './links.ts';
import { numberText } from './No.tsx';

export interface Choice {
  id: string;
  label: string;
  hint: string;
}

const LIMIT = 20;

/** What a picker can make out of the words typed; other things need more than a name. */
export const MAKERS: Partial<Record<EntityName, (words: string) => Promise<Choice>>> = {
  clients: async (name) => {
    const row = await client.clients.create({ name });
    return { id: row.id, label: row.name, hint: '' };
  },
  companies: async (name) => {
    const row = await client.companies.create({ name });
    return { id: row.id, label: row.name, hint: '' };
  },
};

/** Rows of an entity that fit the words, in the form of a picker's choices. */
export async function findRefs(entity: EntityName, words: string, within: Values): Promise<Choice[]> {
  const input = { ...within, limit: LIMIT, ...(words.trim() ? { q: words.trim() } : {}) };
  switch (entity) {
    case 'clients':
      return (await client.clients.list(input)).items.map((row) => ({ id: row.id, label: row.name, hint: formatPhone(row.phone) }));
    case 'companies':
      return (await client.companies.list(input)).items.map((row) => ({ id: row.id, label: row.name, hint: row.inn ?? '' }));
    case 'contacts':
      return (await client.contacts.list(input)).items.map((row) => ({ id: row.id, label: row.full_name, hint: row.position ?? '' }));
    case 'assets':
      return (await client.assets.list(input)).items.map((row) => ({ id: row.id, label: row.name, hint: row.serial_number ?? '' }));
    case 'contracts':
      return (await client.contracts.list(input)).items.map((row) => ({ id: row.id, label: row.title, hint: row.number ?? '' }));
    case 'tickets':
      return (await client.tickets.list(input)).items.map((row) => ({ id: row.id, label: row.subject, hint: numberText(row) }));
    case 'tasks':
      return (await client.tasks.list(input)).items.map((row) => ({ id: row.id, label: row.title, hint: '' }));
    case 'appointments':
      return (await client.appointments.list(input)).items.map((row) => ({ id: row.id, label: row.title, hint: row.client_name ?? '' }));
    case 'articles':
      return (await client.articles.list(input)).items.map((row) => ({ id: row.id, label: row.title, hint: row.client_name ?? '' }));
    case 'users':
      return (await client.users.list({ ...input, active: true })).items.map((row) => ({ id: row.id, label: row.full_name, hint: row.email }));
    case 'branches':
      return (await client.branches.list(input)).items.map((row) => ({ id: row.id, label: row.name, hint: '' }));
  }
}
