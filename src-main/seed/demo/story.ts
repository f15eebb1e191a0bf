import { Temporal } from 'temporal-polyfill';
import type { Actor, Role } from '../../../src-shared/kernel/permissions.ts';
import type { OrganizationStore } from '../../store/organization-store.ts';
import type { Tx } from '../../store/tx.ts';

/** Zone of the demonstration firm. */
export const ZONE = 'Europe/Moscow';

/** Something that somebody did at a moment. */
interface Scene {
  at: number;
  by: string;
  play: (tx: Tx) => void;
}

/** The demonstration firm's past, told in any order and played in the order of time, so that its history reads true. */
export interface Story {
  readonly nowMs: number;
  /** Moment of a day counted from today, at a wall-clock time of the firm. */
  at(day: number, time: string): number;
  /** Date of a day counted from today, `YYYY-MM-DD`. */
  day(offset: number): string;
  /** Days from today to the Monday of this week: 0 to -6. */
  readonly monday: number;
  /** Adds a scene; one that would lie in the future is played just now. `by` is a key of the crew, or `system`. */
  scene(at: number, by: string, play: (tx: Tx) => void): void;
  /** Remembers a row under a short name, and finds it again. */
  keep(key: string, id: string): void;
  id(key: string): string;
  hire(key: string, role: Role, name: string, id: string): void;
  play(store: OrganizationStore): void;
}

export function createStory(nowMs: number): Story {
  const today = Temporal.Instant.fromEpochMilliseconds(nowMs).toZonedDateTimeISO(ZONE).toPlainDate();
  const scenes: Scene[] = [];
  const ids = new Map<string, string>();
  const crew = new Map<string, { role: Role; name: string }>();
  const id = (key: string): string => {
    const known = ids.get(key);
    if (!known) throw new Error(`the story knows no ${key}`);
    return known;
  };
  return {
    nowMs,
    at: (day, time) => today.add({ days: day }).toZonedDateTime({ timeZone: ZONE, plainTime: Temporal.PlainTime.from(time) }).epochMilliseconds,
    day: (offset) => today.add({ days: offset }).toString(),
    monday: 1 - today.dayOfWeek,
    scene: (at, by, play) => {
      scenes.push({ at: Math.min(at, nowMs), by, play });
    },
    keep: (key, row) => {
      ids.set(key, row);
    },
    id,
    hire: (key, role, name, user) => {
      crew.set(key, { role, name });
      ids.set(key, user);
    },
    play: (store) => {
      const actorOf = (key: string): Actor | null => {
        const person = crew.get(key);
        return person ? { user_id: id(key), organization_id: store.id, role: person.role, full_name: person.name, branch_id: null, language: 'ru' } : null;
      };
      for (const { at, by, play } of scenes.sort((a, b) => a.at - b.at)) {
        store.mutate({ actor: actorOf(by), origin: by === 'system' ? 'system' : 'browser', at }, play);
      }
    },
  };
}
