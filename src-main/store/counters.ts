import type { Entity } from '../../src-shared/audit/model.ts';
import type { EntityMeta } from './entity.ts';
import type { Db } from './sqlite.ts';

/** Numbers of one transaction: the counter of a table is read at its first row and written once at the end. */
export function openNumbers(db: Db): { next(entity: Entity): number; keep(): void } {
  const last = new Map<Entity, number>();
  return {
    next: (entity) => {
      const number = (last.get(entity) ?? db.get<{ last: number }>('SELECT last FROM counters WHERE entity = ?', entity)?.last ?? 0) + 1;
      last.set(entity, number);
      return number;
    },
    keep: () => {
      for (const [entity, number] of last) {
        // An update leaves the key's own index alone.
        if (db.run('UPDATE counters SET last = ? WHERE entity = ?', number, entity).changes === 0) db.run('INSERT INTO counters (entity, last) VALUES (?, ?)', entity, number);
      }
    },
  };
}

/** The log knows rows by their rids for ever: that of a row deleted for good must not be given to another. */
export function openRids(db: Db): { free(meta: EntityMeta): number | null; gone(meta: EntityMeta, rid: number): void } {
  const grown = new Set<Entity>();
  const last = (meta: EntityMeta): number => db.get<{ last: number }>('SELECT last FROM counters WHERE entity = ?', `rid:${meta.name}`)?.last ?? 0;
  return {
    /** The rid that must be given, where the largest living one does not lie above all that are gone; asked once in a transaction. */
    free: (meta) => {
      if (grown.has(meta.name)) return null;
      grown.add(meta.name);
      const gone = last(meta);
      if (gone === 0) return null;
      const living = db.get<{ rid: number | null }>(`SELECT max(rid) AS rid FROM ${meta.tableName}`)?.rid ?? 0;
      return gone > living ? gone + 1 : null;
    },
    gone: (meta, rid) => {
      grown.delete(meta.name);
      if (rid > last(meta)) db.run('INSERT INTO counters (entity, last) VALUES (?, ?) ON CONFLICT (entity) DO UPDATE SET last = excluded.last', `rid:${meta.name}`, rid);
    },
  };
}
