import { isAbsolute } from 'node:path';
import { AppError, invalid } from '../../src-shared/kernel/errors.ts';
import { translator } from '../../src-shared/kernel/translate.ts';
import type { Served, UpdatesState } from '../../src-shared/updates/contract.ts';
import { isNewer } from '../../src-shared/updates/rules.ts';
import { os, sessionOf } from '../core/os.ts';
import type { CallContext } from '../core/call.ts';
import type { Session } from '../core/session.ts';

const LOCAL = new Set(['local', '127.0.0.1', '::1', '::ffff:127.0.0.1']);

/** What concerns the program of a machine is decided at that machine. @throws AppError FORBIDDEN `updates_here_only` */
function sessionHere(context: CallContext): Session {
  const session = sessionOf(context);
  if (!LOCAL.has(session.address)) throw new AppError('FORBIDDEN', { detail: 'updates_here_only' });
  return session;
}

const stateFor = ({ house }: CallContext, { language, actor }: Session): UpdatesState => house.updates.state(language, actor.organization_id);

async function servedFor(context: CallContext): Promise<Served> {
  const { actor, language, store } = sessionOf(context);
  const { updates, sync, config, clock } = context.house;
  const say = translator(language, 'updates');
  const folder = updates.folder();
  const { feeds, problems } = folder ? await folder.look() : { feeds: [], problems: [] };
  const newest = feeds.map(({ statement }) => statement.version).reduce<string | null>((best, one) => (best === null || isNewer(one, best) ? one : best), null);
  const names = new Map(store.read.all<{ id: string; full_name: string }>('SELECT id, full_name FROM users').map((user) => [user.id, user.full_name]));
  return {
    folder: folder?.path ?? null,
    fixed: config.updatesFolder !== null,
    feeds: feeds.map(({ statement, feed }) => ({
      feed: statement.feed,
      version: statement.version,
      percent: statement.percent,
      minimum: statement.minimum,
      signed_at: statement.signed_at,
      expires_at: statement.expires_at,
      expired: Date.parse(statement.expires_at) <= clock.now(),
      size: feed.files.reduce((sum, file) => sum + file.size, 0),
      notes: statement.notes,
    })),
    problems: problems.map(({ file, fault }) => ({ file, message: say(`faults.${fault}`) })),
    devices: sync.peers
      .list(actor.organization_id)
      .filter((peer) => !peer.revoked_at)
      .map(({ id, name, user_id, version, seen_at }) => ({ id, name, user_name: names.get(user_id) ?? null, version, seen_at, current: newest === null || !isNewer(newest, version) })),
  };
}

export const updatesHandlers = {
  state: os.updates.state.handler(({ context }) => stateFor(context, sessionOf(context))),
  check: os.updates.check.handler(async ({ context }) => {
    const session = sessionHere(context);
    await context.house.updates.look(session.actor.organization_id, true);
    return stateFor(context, session);
  }),
  settings: os.updates.settings.handler(({ input, context }) => {
    const session = sessionHere(context);
    context.house.updates.memory.keep({ automatic: input.automatic });
    session.store.logSecurity({ type: 'updates_switched', user_id: session.actor.user_id, address: session.address, details: { automatic: input.automatic } });
    return stateFor(context, session);
  }),
  install: os.updates.install.handler(async ({ input, context }) => {
    const session = sessionHere(context);
    await context.house.updates.install(input.when, session.language);
    if (input.when === 'now') session.store.logSecurity({ type: 'update_installed', user_id: session.actor.user_id, address: session.address, details: { from: context.house.config.version } });
    return stateFor(context, session);
  }),
  served: os.updates.served.handler(({ context }) => servedFor(context)),
  serve: os.updates.serve.handler(({ input, context }) => {
    const { store, actor, address } = sessionHere(context);
    const { updates, config } = context.house;
    const folder = input.folder === null || input.folder === '' ? null : input.folder;
    if (config.updatesFolder !== null) throw new AppError('CONFLICT', { field: 'folder', detail: 'updates_folder_fixed' });
    if (folder !== null && !isAbsolute(folder)) throw invalid('folder', 'updates_folder_absolute');
    updates.memory.keep({ folder });
    store.logSecurity({ type: 'updates_folder', user_id: actor.user_id, address, details: { folder } });
    return servedFor(context);
  }),
};
