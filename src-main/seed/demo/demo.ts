import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import type { House } from '../../core/house.ts';
import { createOrganizations } from '../../organizations/index.ts';
import type { OrganizationStore } from '../../store/organization-store.ts';
import { createRandom } from '../random.ts';
import { tellArticles } from './articles.ts';
import { OWNER, tellBase } from './base.ts';
import { createStory } from './story.ts';
import { tellTasks } from './tasks.ts';
import { tellCalendar, tellTickets } from './work.ts';

const NAME = 'Сервис-Мастер';
/** Only for the demonstration, and only on this machine's own address: the sign-in refuses it elsewhere. */
const PASSWORD = 'adminpass';
const FIRST_DAY = 731 * 86_400_000;

/** Fills an organisation that has an owner and nothing else with the demonstration firm, dated up to the given moment. */
export function fillWithDemo(store: OrganizationStore, nowMs: number): void {
  const owner = store.read.get<{ id: string; full_name: string }>("SELECT id, full_name FROM users WHERE role = 'owner' ORDER BY rid LIMIT 1");
  const story = createStory(nowMs);
  const random = createRandom(7);
  if (owner) story.hire(OWNER.key, 'owner', owner.full_name, owner.id);
  const clientKeys = tellBase(story, random);
  tellTickets(story, random, clientKeys);
  tellTasks(story);
  tellCalendar(story, random, clientKeys);
  tellArticles(story);
  story.play(store);
}

/**
 * Makes the demonstration organisation in a data folder that has none yet, with the account of user 1. The file is written beside its
 * place and moved there whole, so that a start that was cut short leaves nothing half told. Later starts change nothing.
 */
export async function seedDemo(house: House): Promise<void> {
  const { config, organizations, auth } = house;
  if (organizations.list().length === 0) await tellInto(house);
  const [organization] = organizations.list();
  if (!organization || !config.demo) return;
  const owner = organizations.open(organization.id).read.get<{ id: string; full_name: string; email: string }>("SELECT id, full_name, email FROM users WHERE no = 1 AND role = 'owner'");
  // An account that has a password keeps its own.
  if (owner?.email === OWNER.email) await auth.accounts.join({ ...owner, password: PASSWORD, demo: true }, organization.id);
}

async function tellInto(house: House): Promise<void> {
  const { config, clock } = house;
  const building = join(config.dataDir, 'seeding');
  rmSync(building, { recursive: true, force: true });
  const nowMs = clock.now();
  const id = uuidv7();
  const places = createOrganizations({ dataDir: building, singleFile: null, clock: { now: () => nowMs - FIRST_DAY }, backupBeforeMigration: () => {} });
  const store = places.create({ id, name: NAME, language: 'ru', time_zone: 'Europe/Moscow' }, { id: uuidv7(), full_name: OWNER.full_name, email: OWNER.email });
  const built = store.file;
  try {
    await store.fillFresh(async () => fillWithDemo(store, nowMs));
  } finally {
    places.close();
  }
  const place = config.singleFile ?? join(config.dataDir, 'organizations', `${id}.sqlite`);
  mkdirSync(dirname(place), { recursive: true });
  if (!existsSync(place)) renameSync(built, place);
  rmSync(building, { recursive: true, force: true });
}
