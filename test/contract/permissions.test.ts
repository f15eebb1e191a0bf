import { ORPCError } from '@orpc/client';
import { createRouterClient } from '@orpc/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contract } from '../../src-shared/contract.ts';
import type { OperationMeta } from '../../src-shared/kernel/contract.ts';
import { may, PERMISSIONS, ROLE_PERMISSIONS, ROLES, type Actor, type Role } from '../../src-shared/kernel/permissions.ts';
import { router } from '../../src-main/core/router.ts';
import { windowContext } from '../../src-main/core/window-door.ts';
import { registerOwner, startHouse, type RunningHouse } from '../support/house.ts';

interface Operation {
  path: string;
  meta: OperationMeta;
}

/** Every operation of the contract with what it says of itself. */
function operations(node: object, path: string[] = []): Operation[] {
  if ('~orpc' in node) return [{ path: path.join('.'), meta: (node['~orpc'] as { meta: OperationMeta }).meta }];
  return Object.entries(node).flatMap(([key, child]) => operations(child as object, [...path, key]));
}

const all = operations(contract);
const guarded = all.filter((operation) => operation.meta.permission !== 'public');
let house: RunningHouse;
let userId: string;
let organizationId: string;

beforeAll(async () => {
  house = await startHouse();
  ({ userId } = await registerOwner(house.url));
  organizationId = house.core.house.organizations.list()[0]?.id ?? '';
});
afterAll(() => house.close());

/** The code with which a call without any input ends; undefined when it succeeds. Refusals come before the input is looked at. */
async function codeOf(path: string, actor: Actor | undefined): Promise<string | undefined> {
  const client = createRouterClient(router, { context: () => ({ ...windowContext(house.core.house), vouched: actor }) }) as unknown as Record<string, Record<string, (input: unknown) => Promise<unknown>>>;
  const [feature = '', name = ''] = path.split('.');
  try {
    const answer = await client[feature]?.[name]?.({ nothing: 'of use' });
    if (answer && typeof answer === 'object' && Symbol.asyncIterator in answer) await (answer as AsyncIterableIterator<unknown>).return?.(undefined);
    return undefined;
  } catch (error) {
    return error instanceof ORPCError ? String(error.code) : 'THROWN';
  }
}

const actorOf = (role: Role): Actor => ({ user_id: userId, organization_id: organizationId, role, full_name: 'Проверка', branch_id: null, language: 'ru' });

it('names a known permission for every operation', () => {
  expect(all.length).toBeGreaterThan(80);
  for (const operation of all) expect(PERMISSIONS, operation.path).toContain(operation.meta.permission);
});

it('keeps the list of doors without a session short', () => {
  const open = all.filter((operation) => operation.meta.permission === 'public').map((operation) => operation.path);
  expect(open.sort()).toEqual(['auth.linkLogin', 'auth.login', 'auth.logout', 'auth.refresh', 'auth.register', 'auth.status', 'sync.hubs', 'sync.join', 'sync.joining'].filter((path) => open.includes(path)));
});

describe.each(ROLES)('the role %s', (role) => {
  it.each(guarded.map((operation) => [operation.path, operation.meta.permission] as const))('%s needs %s', async (path, permission) => {
    const code = await codeOf(path, actorOf(role));
    if (ROLE_PERMISSIONS[role].has(permission)) expect(code).not.toBe('UNAUTHENTICATED');
    else expect(code).toBe('FORBIDDEN');
  });
});

it.each(guarded.map((operation) => operation.path))('%s lets nobody in without a session', async (path) => {
  expect(await codeOf(path, undefined)).toBe('UNAUTHENTICATED');
});

it('lets a token narrow a role, never widen it', () => {
  const engineer = { ...actorOf('engineer'), scope: ['work.read', 'export.run'] as const };
  expect(may(engineer, 'work.read')).toBe(true);
  expect(may(engineer, 'work.write')).toBe(false);
  expect(may(engineer, 'export.run')).toBe(false);
});

it('writes refused attempts into the security log', async () => {
  await codeOf('exports.start', actorOf('engineer'));
  const store = house.core.house.organizations.open(organizationId);
  const event = store.read.get<{ type: string; details: string }>("SELECT type, details FROM security_events WHERE type = 'refused' AND details LIKE '%exports.start%' ORDER BY id DESC LIMIT 1");
  expect(JSON.parse(event?.details ?? '{}')).toEqual({ operation: 'exports.start', permission: 'export.run' });
});
