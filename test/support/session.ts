import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import { SUPPORT_LEVELS } from '../../src-shared/contracts/model.ts';
import { iso, type Clock } from '../../src-shared/kernel/clock.ts';
import type { Actor, Permission, Role } from '../../src-shared/kernel/permissions.ts';
import { ROLES } from '../../src-shared/kernel/permissions.ts';
import { REGISTRY } from '../../src-main/core/entities.ts';
import { createReaderPool } from '../../src-main/core/readers.ts';
import { ORIGIN_OF_DOOR, type Door, type Session } from '../../src-main/core/session.ts';
import { openOrganizationStore, type OrganizationStore } from '../../src-main/store/organization-store.ts';
import type { WriteContext } from '../../src-main/store/tx.ts';

/** A clock that stands still until a test moves it. */
export interface FakeClock extends Clock {
  /** Sets it to a moment in ISO 8601. */
  set(moment: string): void;
  /** Moves it on by milliseconds. */
  advance(ms: number): void;
}

export function fakeClock(moment: string): FakeClock {
  let time = Date.parse(moment);
  return {
    now: () => time,
    set: (next) => {
      time = Date.parse(next);
    },
    advance: (ms) => {
      time += ms;
    },
  };
}

interface SessionOptions {
  door?: Door;
  language?: 'ru' | 'en';
  address?: string;
  scope?: readonly Permission[];
  ifMatch?: string;
  idempotency?: WriteContext['idempotency'];
}

/** One organisation in a file of its own, with a member of every role. */
export interface TestHouse {
  store: OrganizationStore;
  clock: FakeClock;
  /** The first member of each role. */
  people: Record<Role, Actor>;
  /** A call made by the member of that role, or by a member whom `join` made. Each call gets a session of its own. */
  session(who?: Role | Actor, options?: SessionOptions): Session;
  /** Adds another member. */
  join(role: Role, fullName: string, fields?: { branch_id?: string }): Actor;
  close(): Promise<void>;
}

const NAMES: Record<Role, string> = {
  owner: 'Ольга Белова',
  admin: 'Анна Крылова',
  coordinator: 'Мария Соколова',
  operator: 'Пётр Орлов',
  engineer: 'Иван Смирнов',
  client: 'Виктор Чернов',
};

interface HouseOptions {
  /** Where the clock stands at first; Monday 15 June 2026, 9:00 in Moscow, unless told otherwise. */
  now?: string;
  /** IANA zone of the organisation. */
  timeZone?: string;
}

/** Opens an organisation's store in a temporary folder, ready for tests of services. Close it when done. */
export function openTestHouse(options: HouseOptions = {}): TestHouse {
  const clock = fakeClock(options.now ?? '2026-06-15T06:00:00.000Z');
  const folder = mkdtempSync(join(tmpdir(), 'polevik-test-'));
  const id = uuidv7();
  const store = openOrganizationStore({ id, file: join(folder, 'organization.sqlite'), clock, registry: REGISTRY, backupBeforeMigration: () => {} });
  const readers = createReaderPool(null);

  store.mutate({ actor: null, origin: 'system' }, (tx) => {
    tx.insert(
      'organization',
      {
        name: 'Полевая служба',
        language: 'ru',
        time_zone: options.timeZone ?? 'Europe/Moscow',
        work_starts: '09:00',
        work_ends: '18:00',
        support_levels: [...SUPPORT_LEVELS],
        authority_device: store.deviceId,
      },
      { id },
    );
  });
  const join_: TestHouse['join'] = (role, fullName, fields = {}) => {
    const userId = uuidv7();
    store.mutate({ actor: null, origin: 'system' }, (tx) => {
      tx.insert('users', { full_name: fullName, email: `${userId}@example.test`, role, branch_id: fields.branch_id ?? null, language: 'ru', active: true }, { id: userId });
    });
    return { user_id: userId, organization_id: id, role, full_name: fullName, branch_id: fields.branch_id ?? null, language: 'ru' };
  };
  const people = Object.fromEntries(ROLES.map((role) => [role, join_(role, NAMES[role])])) as Record<Role, Actor>;

  return {
    store,
    clock,
    people,
    join: join_,
    session: (who = 'owner', call = {}) => {
      const known = typeof who === 'string' ? people[who] : who;
      const actor: Actor = call.scope ? { ...known, scope: call.scope } : known;
      const door = call.door ?? 'api';
      let first: Pick<WriteContext, 'ifMatch' | 'idempotency'> = { ifMatch: call.ifMatch, idempotency: call.idempotency };
      return {
        actor,
        store,
        door,
        origin: ORIGIN_OF_DOOR[door],
        address: call.address ?? 'local',
        language: call.language ?? 'ru',
        readers,
        now: () => iso(clock.now()),
        mutate: (work, write = {}) => {
          const result = store.mutate({ actor, origin: write.origin ?? ORIGIN_OF_DOOR[door], importId: write.importId, undoes: write.undoes, ...first }, work);
          first = {};
          return result;
        },
      };
    },
    close: async () => {
      await readers.close();
      store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
