import { matchQuery } from '../../src-shared/kernel/search-text.ts';
import type { SearchHit, Searchable } from '../../src-shared/search/contract.ts';
import { score, wantedOf, type Wanted } from '../../src-shared/search/rank.ts';
import { REGISTRY } from '../core/entities.ts';
import type { Session } from '../core/session.ts';
import { metaOf, titleOf } from '../store/entity.ts';
import type { SqlValue } from '../store/sqlite.ts';
import { KINDS, type Kind } from './kinds.ts';

export interface SearchInput {
  q: string;
  entities?: readonly Searchable[] | undefined;
  limit: number;
}
export interface SearchAnswer {
  items: SearchHit[];
  corrected: string | null;
}

/** Rows of one entity that are weighed; of more that fit, the newest. */
const CANDIDATES = 100;
/** Rows of one entity whose name begins with the query, beside those. */
const BY_NAME = 20;
const DAY = 86_400_000;
/** Sorts behind every letter. */
const LAST = '\u{10FFFF}';

interface Found {
  id: string;
  no: number | null;
  title: unknown;
  keys: string;
  open: number;
  touched: string;
  owner_entity: Searchable | null;
  owner_id: string | null;
  [subtitle: `sub${number}`]: string | null;
}

/**
 * Finds rows by words, numbers, phones and INN that they hold, best first. What finds nothing is tried without a last word of a single
 * letter, which is only just being typed, and as typed in the other keyboard layout. Runs beside the writer and stops with the signal.
 */
export async function search(session: Session, input: SearchInput, signal?: AbortSignal): Promise<SearchAnswer> {
  session.store.searchIndex.ready();
  const typed = matchQuery(input.q);
  const attempts = [{ text: input.q, match: typed.match, corrected: null as string | null }];
  const head = /^(.*[\p{L}\p{N}].*?)\s+[\p{L}\p{N}]$/u.exec(input.q)?.[1];
  if (head) attempts.push({ text: input.q, match: matchQuery(head).match, corrected: null });
  for (const [index, match] of typed.alternatives.entries()) {
    const text = typed.corrected[index] as string;
    attempts.push({ text, match, corrected: text });
  }
  for (const { text, match, corrected } of attempts) {
    const items = await ask(session, text, match, input, signal);
    if (items.length > 0) return { items, corrected };
  }
  return { items: [], corrected: null };
}

async function ask(session: Session, text: string, match: string, input: SearchInput, signal: AbortSignal | undefined): Promise<SearchHit[]> {
  if (match === '') return [];
  const wanted = wantedOf(text);
  const kinds = KINDS.filter((kind) => !input.entities || input.entities.includes(kind.entity));
  const hits = await Promise.all(kinds.map((kind) => candidates(session, kind, match, wanted, signal)));
  return hits
    .flat()
    .sort((a, b) => b.score - a.score)
    .slice(0, input.limit)
    .map((found) => found.hit);
}

interface Scored {
  score: number;
  hit: SearchHit;
}

/**
 * Whole words are asked for first: their rows come off the index one by one. Beginnings, for which the index must gather every word
 * that fits, only where that was not enough and a single letter is not all there is.
 */
async function candidates(session: Session, kind: Kind, match: string, wanted: Wanted, signal: AbortSignal | undefined): Promise<Scored[]> {
  const now = session.now();
  const read = (expression: string): Promise<Found[]> => {
    const { sql, params } = statement(kind, expression, wanted, now);
    return session.readers.all<Found>(session.store.file, sql, params, { signal });
  };
  const whole = match.replaceAll('"*', '"');
  let rows = await read(whole);
  if (rows.length < CANDIDATES && whole !== match && (wanted.words.at(-1)?.[0]?.length ?? 0) > 1) rows = await read(match);
  const meta = metaOf(REGISTRY, kind.entity);
  return rows.map((row) => {
    const title = oneLine(titleOf(meta, { [meta.label]: row.title }));
    const age = (Date.parse(now) - Date.parse(row.touched)) / DAY;
    return {
      score: score({ weight: kind.weight, id: row.id, no: kind.numbered ? row.no : null, title, keys: row.keys, open: row.open === 1, age }, wanted),
      hit: {
        entity: kind.entity,
        id: row.id,
        no: row.no,
        title,
        subtitle: kind.subtitle.map((_, index) => row[`sub${index}`]).filter(Boolean).map((part) => oneLine(part as string)).join(' · ') || null,
        owner: row.owner_entity && row.owner_id ? { entity: row.owner_entity, id: row.owner_id } : null,
      },
    };
  });
}

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();

/** Rows that the index names, the newest of them, with the row of that number and the rows whose name begins so. */
function statement(kind: Kind, match: string, wanted: Wanted, now: string): { sql: string; params: SqlValue[] } {
  const meta = metaOf(REGISTRY, kind.entity);
  const table = meta.tableName;
  const sources = [`SELECT rowid AS rid FROM (SELECT rowid FROM ${table}_fts WHERE ${table}_fts MATCH ? ORDER BY rowid DESC LIMIT ${CANDIDATES})`];
  const params: SqlValue[] = [...(kind.open?.includes('?') ? [now] : []), match];
  if (wanted.no !== null && kind.numbered) {
    sources.push(`SELECT rid FROM ${table} WHERE no = ?`);
    params.push(wanted.no);
  }
  if (wanted.mark !== null && kind.numbered) {
    sources.push(`SELECT rid FROM (SELECT rid FROM ${table} WHERE id LIKE ? LIMIT ${BY_NAME})`);
    params.push(`%${wanted.mark}`);
  }
  if (meta.hasSortKey && wanted.folded !== '') {
    sources.push(`SELECT rid FROM (SELECT rid FROM ${table} WHERE sort_key >= ? AND sort_key < ? AND deleted_at IS NULL ORDER BY sort_key LIMIT ${BY_NAME})`);
    params.push(wanted.folded, wanted.folded + LAST);
  }
  const columns = [
    't.id',
    't.no',
    `substr(t.${meta.label}, 1, 200) AS title`,
    't.updated_at AS touched',
    `${kind.keys ? kind.keys.map((key) => `coalesce(${key}, '')`).join(" || ' ' || ") : "''"} AS keys`,
    `${kind.open ?? '0'} AS open`,
    `${kind.owner?.entity ?? 'NULL'} AS owner_entity`,
    `${kind.owner?.id ?? 'NULL'} AS owner_id`,
    ...kind.subtitle.map((part, index) => `substr(${part}, 1, 200) AS sub${index}`),
  ];
  const sql = `SELECT ${columns.join(', ')} FROM (${sources.join(' UNION ')}) f CROSS JOIN ${table} t ON t.rid = f.rid ${kind.joins ?? ''} WHERE t.deleted_at IS NULL`;
  return { sql, params };
}
