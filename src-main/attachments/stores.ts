import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Clock } from '../../src-shared/kernel/clock.ts';
import type { Organizations } from '../organizations/index.ts';
import type { OrganizationStore } from '../store/organization-store.ts';
import { createContents, type Contents } from './contents.ts';

/** Changes of a burst are followed by one look for contents without a row. */
const SWEEP_AFTER_MS = 1_000;

/** The contents of every organisation of this installation. */
export interface ContentStores {
  of(organizationId: string): Contents;
  close(): void;
}

interface Options {
  dataDir: string;
  clock: Clock;
  log: Logger;
  organizations: Organizations;
}

/** Folder of an organisation's contents in a data folder. */
export const contentsFolder = (dataDir: string, organizationId: string): string => join(dataDir, 'attachments', organizationId);

export function createContentStores({ dataDir, clock, log, organizations }: Options): ContentStores {
  const known = new Map<string, Contents>();
  const followed = new WeakSet<OrganizationStore>();
  const due = new Map<string, NodeJS.Timeout>();
  const sweepSoon = (organizationId: string, contents: Contents): void => {
    if (due.has(organizationId)) return;
    const timer = setTimeout(() => {
      due.delete(organizationId);
      try {
        contents.sweep();
      } catch (error) {
        log.warn({ err: error }, 'contents without a row are left for the next look');
      }
    }, SWEEP_AFTER_MS);
    due.set(organizationId, timer.unref());
  };
  return {
    of: (organizationId) => {
      const store = organizations.open(organizationId);
      const contents = known.get(organizationId) ?? createContents({ folder: contentsFolder(dataDir, organizationId), clock, store: () => organizations.open(organizationId) });
      known.set(organizationId, contents);
      if (followed.has(store)) return contents;
      followed.add(store);
      contents.adopt();
      store.onCommit(({ entities }) => entities.includes('attachments') && sweepSoon(organizationId, contents));
      return contents;
    },
    close: () => {
      for (const timer of due.values()) clearTimeout(timer);
      due.clear();
    },
  };
}
