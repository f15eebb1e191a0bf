import { getJson } from './server.ts';

/** A page of tickets as somebody asks for it: filters and order. */
export interface TicketQuery {
  name: string;
  status?: string[];
  priority?: string[];
  assigned_to?: number;
  client_id?: number;
  sort: string;
}

/** Filters and orders of a desk's daily lists. `engineers` and `clients` are numbers of some who have work. */
export function ticketQueries(engineers: readonly number[], clients: readonly number[]): TicketQuery[] {
  return [
    { name: 'newest', sort: '-created_at' },
    { name: 'changed last', sort: '-updated_at' },
    { name: 'due first', sort: 'due_date' },
    { name: 'most urgent', sort: '-priority' },
    { name: 'open, newest', status: ['open'], sort: '-created_at' },
    { name: 'closed, newest', status: ['closed'], sort: '-created_at' },
    { name: 'closed, oldest', status: ['closed'], sort: 'created_at' },
    { name: 'not done, newest', status: ['open', 'in_progress', 'waiting'], sort: '-created_at' },
    { name: 'not done, due first', status: ['open', 'in_progress', 'waiting'], sort: 'due_date' },
    { name: 'critical, newest', priority: ['critical'], sort: '-created_at' },
    ...engineers.flatMap((assigned_to): TicketQuery[] => [
      { name: `of engineer ${assigned_to}, newest`, assigned_to, sort: '-created_at' },
      { name: `of engineer ${assigned_to}, not done, newest`, assigned_to, status: ['open', 'in_progress', 'waiting'], sort: '-created_at' },
    ]),
    ...clients.map((client_id): TicketQuery => ({ name: `of client ${client_id}, newest`, client_id, sort: '-created_at' })),
  ];
}

/** The query as the REST door takes it. */
export function pathOf({ name: _name, ...query }: TicketQuery, limit: number, cursor?: string): string {
  const words = new URLSearchParams({ limit: String(limit), ...(cursor ? { cursor } : {}) });
  for (const [key, value] of Object.entries(query)) if (value !== undefined) words.set(key, Array.isArray(value) ? value.join(',') : String(value));
  return `/api/tickets?${words}`;
}

/** The cursor that so many pages of 200 lie behind; the last one there is when the list ends before. */
export async function deepCursor(url: string, token: string, query: TicketQuery, pages: number): Promise<string | undefined> {
  let cursor: string | undefined;
  for (let page = 0; page < pages; page++) {
    const { next_cursor } = await getJson<{ next_cursor: string | null }>(url + pathOf(query, 200, cursor), token);
    if (!next_cursor) return cursor;
    cursor = next_cursor;
  }
  return cursor;
}

interface People {
  items: { no: number; role: string }[];
}

/** Numbers of engineers and of clients with many tickets. */
export async function someNumbers(url: string, token: string): Promise<{ engineers: number[]; clients: number[] }> {
  const { items } = await getJson<People>(`${url}/api/users?role=engineer&limit=50`, token);
  return { engineers: items.slice(0, 6).map((user) => user.no), clients: [1, 2, 3, 5, 8, 13, 17, 20] };
}
