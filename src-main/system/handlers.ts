import { statSync } from 'node:fs';
import { join } from 'node:path';
import { os, sessionOf } from '../core/os.ts';
import type { Session } from '../core/session.ts';
import type { CallContext } from '../core/call.ts';
import { backup, listBackups } from '../store/backup.ts';
import { appliedMigrations, MIGRATIONS, SCHEMA } from '../store/migrate.ts';
import { diagnose } from './diagnostics.ts';
import { examine } from './doctor.ts';

const backupFolder = (context: CallContext, session: Session): string => join(context.house.config.dataDir, 'backups', session.store.id);

const sizeOf = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0;

export const systemHandlers = {
  info: os.system.info.handler(({ context }) => {
    const { store } = sessionOf(context);
    const { config, startedAt, servedAt } = context.house;
    return { version: config.version, data_dir: config.dataDir, database_bytes: sizeOf(store.file) + sizeOf(`${store.file}-wal`), schema: SCHEMA, demo: config.demo, started_at: startedAt, served_at: servedAt };
  }),
  backup: os.system.backup.handler(async ({ context }) => {
    const session = sessionOf(context);
    const made = await backup(session.store, backupFolder(context, session), context.house.clock);
    session.store.logSecurity({ type: 'backup', user_id: session.actor.user_id, address: session.address, details: { file: made.file, size: made.size } });
    return made;
  }),
  backups: os.system.backups.handler(({ context }) => ({ items: listBackups(backupFolder(context, sessionOf(context))) })),
  doctor: os.system.doctor.handler(({ context }) => examine(sessionOf(context), context.house, true)),
  diagnostics: os.system.diagnostics.handler(({ context }) => diagnose(sessionOf(context), context.house)),
  migrations: os.system.migrations.handler(({ context }) => {
    const applied = new Map(appliedMigrations(sessionOf(context).store.read).map((migration) => [migration.name, migration.applied_at]));
    return { items: MIGRATIONS.map(({ name }) => ({ name, applied_at: applied.get(name) ?? null })) };
  }),
};
