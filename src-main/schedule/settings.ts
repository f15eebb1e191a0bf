import { invalid } from '../../src-shared/kernel/errors.ts';
import { DEFAULT_SCHEDULE, scheduleSettings, type ScheduleSettings } from '../../src-shared/schedule/model.ts';
import type { Session } from '../core/session.ts';
import type { Db } from '../store/sqlite.ts';

/** Rules of travel and the order of goals; what a newer version wrote is read as far as it is understood. */
export function settingsOf(db: Db): ScheduleSettings {
  const text = db.get<{ scheduling: string | null }>('SELECT scheduling FROM organization LIMIT 1')?.scheduling;
  if (!text) return DEFAULT_SCHEDULE;
  const parsed = scheduleSettings.partial().safeParse(JSON.parse(text));
  return { ...DEFAULT_SCHEDULE, ...(parsed.success ? parsed.data : {}) };
}

/** @throws AppError INVALID for goals that are not each named once, or rush hours out of order */
export function updateSettings(session: Session, patch: Partial<ScheduleSettings>): ScheduleSettings {
  if (patch.goals && new Set(patch.goals).size !== patch.goals.length) throw invalid('goals', 'goals_once');
  const rush = patch.rush?.toSorted((a, b) => (a.from < b.from ? -1 : 1));
  if (rush && new Set(rush.map((step) => step.from)).size !== rush.length) throw invalid('rush', 'rush_once');
  return session.mutate((tx) => {
    const next = { ...settingsOf(tx.db), ...patch, ...(rush ? { rush } : {}) };
    const { id } = tx.db.get<{ id: string }>('SELECT id FROM organization LIMIT 1') as { id: string };
    tx.update('organization', id, { scheduling: JSON.stringify(next) });
    return next;
  });
}
