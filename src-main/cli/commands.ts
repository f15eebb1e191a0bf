import type { Command } from 'commander';
import { attachCommands } from './attach.ts';
import { benchVrptwCommand } from './bench-vrptw.ts';
import { createAdminCommand } from './create-admin.ts';
import { exportCommand } from './export.ts';
import { importAmoCommand } from './import-amo.ts';
import { initDbCommand } from './init-db.ts';
import { jobsCommands } from './jobs.ts';
import { maintenanceCommands } from './maintenance.ts';
import { optimizeCommand } from './optimize.ts';
import { seedDbCommand } from './seed-db.ts';
import { serveCommand } from './serve.ts';
import { sheetCommand } from './sheet.ts';
import { syncAnydeskIdCommand } from './sync-anydesk-id.ts';
import { syncCommands } from './sync.ts';
import { updatesCommands } from './updates.ts';

/** Every command of the command line. */
export const COMMANDS: readonly ((program: Command) => void)[] = [serveCommand, initDbCommand, seedDbCommand, createAdminCommand, importAmoCommand, exportCommand, maintenanceCommands, attachCommands, jobsCommands, syncCommands, syncAnydeskIdCommand, optimizeCommand, sheetCommand, benchVrptwCommand, updatesCommands];
