import { z } from 'zod';
import { command, query } from '../kernel/contract.ts';

const tags = ['system'];
export const backupInfo = z.object({ file: z.string(), size: z.number().int(), created_at: z.string(), verified: z.boolean() });
export const check = z.object({ name: z.string(), ok: z.boolean(), message: z.string() });

/** For whoever looks for a fault; holds no data of the organisation and nothing personal. */
const diagnostics = z.object({
  made_at: z.string(),
  program: z.object({
    version: z.string(),
    schema: z.number().int(),
    demo: z.boolean(),
    node: z.string(),
    electron: z.string().nullable(),
    platform: z.string(),
    arch: z.string(),
    started_at: z.string(),
    memory_bytes: z.number().int(),
    /** East of Greenwich. */
    time_zone_minutes: z.number().int(),
  }),
  store: z.object({
    healthy: z.boolean(),
    failed_checks: z.array(z.string()),
    migrations: z.array(z.object({ name: z.string(), applied_at: z.string() })),
    rows: z.record(z.string(), z.number().int()),
  }),
  jobs: z.array(z.object({ name: z.string(), enabled: z.boolean(), last_outcome: z.string().nullable(), last_at: z.string().nullable(), fault: z.string().nullable() })),
});
export type Diagnostics = z.infer<typeof diagnostics>;

export const systemContract = {
  info: query('self')
    .route({ method: 'GET', path: '/system', tags, summary: 'Version, data folder, size' })
    .output(z.object({ version: z.string(), data_dir: z.string(), database_bytes: z.number().int(), schema: z.number().int(), demo: z.boolean(), started_at: z.string(), served_at: z.string().nullable() })),
  backup: command('system.manage', { timeout: 600_000 }).route({ method: 'POST', path: '/system/backups', tags, summary: 'Online backup, verified by opening the copy', successStatus: 201 }).output(backupInfo),
  backups: query('system.manage').route({ method: 'GET', path: '/system/backups', tags, summary: 'Backups that are kept' }).output(z.object({ items: z.array(backupInfo) })),
  doctor: query('system.manage', { timeout: 600_000 }).route({ method: 'GET', path: '/system/doctor', tags, summary: 'Checks of the store' }).output(z.object({ ok: z.boolean(), checks: z.array(check) })),
  diagnostics: query('system.manage', { timeout: 600_000 }).route({ method: 'GET', path: '/system/diagnostics', tags, summary: 'Facts for finding a fault, without personal data' }).output(diagnostics),
  migrations: query('system.manage')
    .route({ method: 'GET', path: '/system/migrations', tags, summary: 'Migrations in order, with the moment of their application' })
    .output(z.object({ items: z.array(z.object({ name: z.string(), applied_at: z.string().nullable() })) })),
};
