import type { OrganizationStore } from '../../store/organization-store.ts';
import { exchange } from '../exchange.ts';
import type { PostgresLog } from './postgres.ts';

/** Cursors that moved meanwhile are written together: nobody waits for them. */
const TOGETHER_MS = 3_000;

interface Cursor extends Record<string, unknown> {
  device: string;
  position: number;
  at: string;
  schema: number;
}

/** How far each device has come, whichever hub process it asked. */
export interface Cursors {
  moved(device: string): void;
  /** Gives what this process has heard and takes what the others have. @throws AppError `sync_log_unavailable` */
  exchange(): Promise<void>;
  close(): Promise<void>;
}

export function createCursors({ store, log, alone }: { store: OrganizationStore; log: PostgresLog; alone: (work: () => void) => Promise<void> }): Cursors {
  const dirty = new Set<string>();
  let soon: NodeJS.Timeout | null = null;
  const organization = (): string => store.read.get<{ id: string }>('SELECT id FROM organization LIMIT 1')?.id ?? '';
  const give = async (): Promise<void> => {
    const moved = [...dirty].flatMap((device) => store.read.get<Cursor>('SELECT device, position, at, schema FROM local_sync_cursors WHERE device = ?', device) ?? []);
    if (moved.length === 0) return;
    dirty.clear();
    const column = <K extends keyof Cursor>(name: K): Cursor[K][] => moved.map((one) => one[name]);
    try {
      await log.ask(
        `INSERT INTO polevik_log_devices (organization_id, device, position, at, schema) SELECT $1, * FROM unnest($2::text[], $3::bigint[], $4::text[], $5::int[])
         ON CONFLICT (organization_id, device) DO UPDATE SET position = excluded.position, at = excluded.at, schema = excluded.schema WHERE polevik_log_devices.at IS NULL OR polevik_log_devices.at < excluded.at`,
        [organization(), column('device'), column('position'), column('at'), column('schema')],
      );
    } catch (error) {
      for (const { device } of moved) dirty.add(device);
      throw error;
    }
  };
  return {
    moved: (device) => {
      // The database keeps no NUL in a text, and no device of ours has one in its name.
      if (device.includes('\u0000')) return;
      dirty.add(device);
      soon ??= setTimeout(() => {
        soon = null;
        give().catch(() => {});
      }, TOGETHER_MS).unref();
    },
    exchange: async () => {
      await give();
      const known = await log.ask<Cursor & { position: string }>('SELECT device, position, at, schema FROM polevik_log_devices WHERE organization_id = $1 AND at IS NOT NULL', [organization()]);
      await alone(() =>
        exchange(store, ({ db }) => {
          for (const { device, position, at, schema } of known)
            db.run('INSERT INTO local_sync_cursors (device, position, at, schema, state) VALUES (?, ?, ?, ?, NULL) ON CONFLICT (device) DO UPDATE SET position = excluded.position, at = excluded.at, schema = excluded.schema WHERE excluded.at > at', device, Number(position), at, schema);
        }),
      );
    },
    close: async () => {
      if (soon) clearTimeout(soon);
      await give().catch(() => {});
    },
  };
}
