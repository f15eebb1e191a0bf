import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import { SUPPORT_LEVELS } from '../../src-shared/contracts/model.ts';
import type { Clock } from '../../src-shared/kernel/clock.ts';
import { AppError } from '../../src-shared/kernel/errors.ts';
import type { Role } from '../../src-shared/kernel/permissions.ts';
import { REGISTRY } from '../core/entities.ts';
import { openOrganizationStore, type OrganizationStore } from '../store/organization-store.ts';

export interface NewOrganization {
  id?: string | undefined;
  name: string;
  language: 'ru' | 'en';
  time_zone?: string | undefined;
}

/** The organisations of this installation, each a file of its own. */
export interface Organizations {
  /** The open store of an organisation. @throws AppError NOT_FOUND */
  open(id: string): OrganizationStore;
  list(): { id: string; name: string }[];
  /** Makes the file with the organisation's row and its first owner. */
  create(input: NewOrganization, owner: { id: string; full_name: string; email: string }): OrganizationStore;
  /** Where the file of an organisation belongs. @throws AppError CONFLICT where one file is all that this installation holds */
  fileOf(id: string): string;
  /** Closes an organisation's file while the work puts another in its place; it is opened again when it is next asked for. */
  replace(id: string, work: (file: string) => void): void;
  close(): void;
}

interface Options {
  dataDir: string;
  singleFile: string | null;
  clock: Clock;
  backupBeforeMigration: (file: string) => void;
}

const ENDING = '.sqlite';
const DEFAULT_ZONE = 'Europe/Moscow';
export const DEFAULT_HOURS = { work_starts: '09:00', work_ends: '18:00' };

export function createOrganizations(options: Options): Organizations {
  const folder = join(options.dataDir, 'organizations');
  const stores = new Map<string, OrganizationStore>();
  const openFile = (id: string, file: string): OrganizationStore =>
    openOrganizationStore({ id, file, clock: options.clock, registry: REGISTRY, backupBeforeMigration: options.backupBeforeMigration });

  const idOf = (store: OrganizationStore): string | undefined => store.read.get<{ id: string }>('SELECT id FROM organization LIMIT 1')?.id;

  const openSingle = (): void => {
    if (!options.singleFile || stores.size > 0 || !existsSync(options.singleFile)) return;
    const probe = openFile('', options.singleFile);
    const id = idOf(probe);
    probe.close();
    if (id) stores.set(id, openFile(id, options.singleFile));
  };

  const ids = (): string[] => {
    if (options.singleFile) {
      openSingle();
      return [...stores.keys()];
    }
    if (!existsSync(folder)) return [];
    return readdirSync(folder)
      .filter((name) => name.endsWith(ENDING))
      .map((name) => name.slice(0, -ENDING.length));
  };

  const open = (id: string): OrganizationStore => {
    const known = stores.get(id);
    if (known) return known;
    if (!ids().includes(id)) throw new AppError('NOT_FOUND', { detail: 'organization_unknown' });
    const opened = stores.get(id) ?? openFile(id, join(folder, id + ENDING));
    stores.set(id, opened);
    return opened;
  };

  return {
    open,
    list: () =>
      ids().map((id) => {
        const row = open(id).read.get<{ name: string }>('SELECT name FROM organization LIMIT 1');
        return { id, name: row?.name ?? id };
      }),
    create: (input, owner) => {
      if (options.singleFile && ids().length > 0) throw new AppError('CONFLICT', { detail: 'single_organization' });
      const id = input.id ?? uuidv7();
      const file = options.singleFile ?? join(folder, id + ENDING);
      mkdirSync(dirname(file), { recursive: true });
      const store = openFile(id, file);
      stores.set(id, store);
      if (!idOf(store)) found(store, id, input, owner);
      return store;
    },
    fileOf: (id) => {
      if (options.singleFile && ids().length > 0) throw new AppError('CONFLICT', { detail: 'single_organization' });
      mkdirSync(dirname(options.singleFile ?? join(folder, id)), { recursive: true });
      return options.singleFile ?? join(folder, id + ENDING);
    },
    replace: (id, work) => {
      const { file } = open(id);
      stores.get(id)?.close();
      stores.delete(id);
      work(file);
    },
    close: () => {
      for (const store of stores.values()) store.close();
      stores.clear();
    },
  };
}

/** The first change of every organisation: its own row and its owner's. */
function found(store: OrganizationStore, id: string, input: NewOrganization, owner: { id: string; full_name: string; email: string }): void {
  store.mutate({ actor: null, origin: 'system' }, (tx) => {
    tx.insert(
      'organization',
      {
        name: input.name,
        language: input.language,
        time_zone: input.time_zone ?? DEFAULT_ZONE,
        ...DEFAULT_HOURS,
        support_levels: [...SUPPORT_LEVELS],
        authority_device: store.deviceId,
      },
      { id },
    );
    const role: Role = 'owner';
    tx.insert('users', { full_name: owner.full_name, email: owner.email.toLowerCase(), role, language: input.language, active: true }, { id: owner.id });
  });
}
