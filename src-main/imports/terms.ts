import type { ImportInfo } from '../../src-shared/imports/contract.ts';
import { REGISTRY } from '../core/entities.ts';
import type { Session } from '../core/session.ts';
import { metaOf, type Row } from '../store/entity.ts';
import { createMemory } from './memory.ts';
import { responsibleFinder } from './responsibles.ts';
import type { Terms } from './write-row.ts';

export const emptyCounts = (): ImportInfo['counts'] => ({ rows: 0, created: 0, joined: 0, updated: 0, skipped: 0, failed: 0 });

/** What holds for one reading of an import's file. */
export function termsOf(session: Session, info: ImportInfo, dry: boolean): Terms {
  const { actor, store } = session;
  const directed = store.read.all<{ id: string }>('SELECT id FROM branches WHERE director_id = ? AND deleted_at IS NULL', actor.user_id).map((branch) => branch.id);
  return {
    importId: info.id,
    importer: actor.user_id,
    now: session.now(),
    responsibleOf: responsibleFinder(info.responsibles),
    mayChange: (entity, row) => metaOf(REGISTRY, entity).policy(actor, 'update', row as unknown as Row, row as unknown as Row, { directed_branches: directed }).allowed,
    memory: createMemory(store.read, dry),
    namesakes: new Map(),
  };
}
