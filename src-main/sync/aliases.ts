import type { WireStamp } from '../../src-shared/sync/hlc.ts';
import type { Row } from '../store/entity.ts';
import type { Db } from '../store/sqlite.ts';

/** Devices by the small numbers under which this copy keeps them; looked up once for each transaction. */
export interface Aliases {
  /** The number of a device, given when it is met for the first time. */
  of(device: string): number;
  known(device: string): number | null;
  device(alias: number): string;
}

export function createAliases(db: Db): Aliases {
  const byId = new Map<string, number>();
  const byAlias = new Map<number, string>();
  const remember = (id: string, alias: number): number => {
    byId.set(id, alias);
    byAlias.set(alias, id);
    return alias;
  };
  const known = (device: string): number | null => {
    const cached = byId.get(device);
    if (cached !== undefined) return cached;
    const row = db.get<{ alias: number }>('SELECT alias FROM devices WHERE id = ?', device);
    return row ? remember(device, row.alias) : null;
  };
  return {
    known,
    of: (device) => known(device) ?? remember(device, db.run('INSERT INTO devices (id) VALUES (?)', device).lastInsertRowid),
    device: (alias) => {
      const cached = byAlias.get(alias);
      if (cached !== undefined) return cached;
      const id = db.get<{ id: string }>('SELECT id FROM devices WHERE alias = ?', alias)?.id as string;
      if (id !== undefined) remember(id, alias);
      return id;
    },
  };
}

/** The stamp of a row's creation, or of one of its heads, as it travels. */
export const stampOf = (aliases: Aliases, { stamp_time, stamp_counter, stamp_device }: Pick<Row, 'stamp_time' | 'stamp_counter' | 'stamp_device'>): WireStamp => [stamp_time, stamp_counter, aliases.device(stamp_device)];
