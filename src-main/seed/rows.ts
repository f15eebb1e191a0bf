import type { Priority, TicketStatus } from '../../src-shared/tickets/model.ts';
import { PRIORITIES } from '../../src-shared/tickets/model.ts';
import type { Random } from './random.ts';
import { kppOf, ogrn, organizationInn, personInn } from './tax-numbers.ts';
import { equipment, LOCATIONS } from './words/equipment.ts';
import { firmName, FORMS, TRADES } from './words/firms.ts';
import { mobilePhone, personName, POSITIONS, transliterate } from './words/people.ts';
import { address, CITIES, cityPhone, pointNear, type City } from './words/places.ts';
import { contractTitle, TROUBLE_KINDS, ticketDescription, ticketSubject } from './words/work.ts';

/** Values of a made-up row, as `tx.insert` takes them. */
export type Values = Record<string, unknown>;

export const DAY = 86_400_000;
export const HOUR = 3_600_000;
export const MINUTE = 60_000;

export const isoAt = (ms: number): string => new Date(ms).toISOString();
export const dayAt = (ms: number): string => isoAt(ms).slice(0, 10);

/** Most firms are in few cities. */
const cityOf = (random: Random): City => CITIES[Math.floor(random.next() ** 2 * CITIES.length)] as City;

const hostOf = (name: string): string => `${transliterate(name).slice(0, 24) || 'firma'}.ru`;

export function companyValues(random: Random): Values {
  const city = cityOf(random);
  const trader = random.chance(0.18);
  const person = personName(random);
  const own = firmName(random);
  const name = trader ? `ИП ${person.last} ${person.first.charAt(0)}. ${person.middle.charAt(0)}.` : `${random.pick(FORMS)} «${own}»`;
  const inn = trader ? personInn(random, city.region) : organizationInn(random, city.region);
  const host = hostOf(trader ? person.last : own);
  const trade = random.pick(TRADES).field;
  return {
    name,
    inn,
    kpp: trader ? null : kppOf(inn),
    ogrn: ogrn(random, trader ? 'person' : 'organization', city.region, random.int(2003, 2024)),
    legal_name: trader ? `Индивидуальный предприниматель ${person.last} ${person.first} ${person.middle}` : null,
    address: address(random, city),
    phone: random.chance(0.7) ? cityPhone(random, city) : mobilePhone(random),
    email: random.chance(0.8) ? `info@${host}` : null,
    website: random.chance(0.5) ? `https://${host}` : null,
    activity_fields: random.chance(0.3) ? [...new Set([trade, random.pick(TRADES).field])] : [trade],
  };
}

/** A client: the place that is served. Organisations are named after what they are, people by their names. */
export function clientValues(random: Random): Values {
  const city = cityOf(random);
  const isPerson = random.chance(0.25);
  const person = personName(random);
  const name = isPerson ? `${person.last} ${person.first} ${person.middle}` : random.chance(0.6) ? `${random.pick(TRADES).kind} «${firmName(random)}»` : `${random.pick(FORMS)} «${firmName(random)}»`;
  const phone = mobilePhone(random);
  const host = isPerson ? random.pick(['mail.ru', 'yandex.ru', 'bk.ru', 'gmail.com']) : hostOf(firmName(random));
  return {
    name,
    kind: isPerson ? 'person' : 'organization',
    phone,
    phones: random.chance(0.25) ? [phone, cityPhone(random, city)] : [phone],
    email: random.chance(0.7) ? `${transliterate(person.last)}${random.int(1, 999)}@${host}` : null,
    address: address(random, city),
    ...pointNear(random, city),
  };
}

export function contactValues(random: Random): Values {
  const person = personName(random);
  const phone = mobilePhone(random);
  return {
    full_name: `${person.last} ${person.first} ${person.middle}`,
    position: random.pick(POSITIONS),
    phone,
    phones: [phone],
    email: random.chance(0.6) ? `${transliterate(`${person.first} ${person.last}`)}${random.int(1, 99)}@mail.ru` : null,
  };
}

/** A piece of equipment bought at a moment; its warranty follows from its kind. */
export function assetValues(random: Random, boughtMs: number): Values {
  const piece = equipment(random);
  return {
    name: `${piece.type} ${piece.vendor} ${piece.model}`,
    type: piece.type,
    vendor: piece.vendor,
    model: piece.model,
    serial_number: `${piece.vendor.slice(0, 2).toUpperCase()}${random.digits(8)}`,
    inventory_number: random.chance(0.7) ? `ИНВ-${String(random.int(1, 99_999)).padStart(5, '0')}` : null,
    location: random.pick(LOCATIONS),
    purchased_on: dayAt(boughtMs),
    warranty_until: dayAt(boughtMs + piece.warranty * 365 * DAY),
    status: random.weighted({ in_use: 88, in_stock: 6, in_repair: 2, retired: 4 }),
  };
}

/** A contract for one to three years from a moment. */
export function contractValues(random: Random, startMs: number): Values {
  const endless = random.chance(0.05);
  return {
    title: contractTitle(random),
    number: `${random.int(1, 999)}/${isoAt(startMs).slice(2, 4)}-${random.pick(['А', 'С', 'ТО', 'В'])}`,
    start_date: dayAt(startMs),
    end_date: endless ? null : dayAt(startMs + random.pick([1, 1, 1, 2, 3]) * 365 * DAY),
    support_level: random.weighted({ bronze: 5, silver: 3, gold: 2 }),
    amount: random.int(30, 1200) * 100_000,
    auto_renew: random.chance(0.4),
  };
}

const PRIORITY_WEIGHTS: Record<Priority, number> = { low: 20, medium: 55, high: 20, critical: 5 };
/** Days until a ticket is due, by priority. */
const DUE_DAYS: Record<Priority, number> = { low: 10, medium: 5, high: 2, critical: 1 };
const SOURCES = { phone: 50, email: 30, portal: 10, monitoring: 10 };

function statusOfAge(random: Random, days: number): TicketStatus {
  if (days > 60) return random.weighted({ closed: 940, resolved: 40, waiting: 12, in_progress: 5, open: 3 });
  if (days > 14) return random.weighted({ closed: 70, resolved: 14, waiting: 8, in_progress: 5, open: 3 });
  return random.weighted({ closed: 25, resolved: 15, waiting: 10, in_progress: 20, open: 30 });
}

/** A ticket reported at a moment, as it stands now; `kind` says which trouble it is, for its notes. */
export function ticketValues(random: Random, createdMs: number, nowMs: number): { values: Values; kind: number } {
  const kind = random.int(0, TROUBLE_KINDS - 1);
  const status = statusOfAge(random, (nowMs - createdMs) / DAY);
  const priority = random.weighted(PRIORITY_WEIGHTS);
  const resolved = status === 'resolved' || status === 'closed' ? Math.min(nowMs, createdMs + random.int(HOUR, 4 * DAY)) : null;
  return {
    kind,
    values: {
      subject: ticketSubject(random, kind),
      description: ticketDescription(random, kind),
      status,
      priority: PRIORITIES.indexOf(priority),
      due_date: random.chance(0.85) ? dayAt(createdMs + DUE_DAYS[priority] * DAY) : null,
      resolved_at: resolved === null ? null : isoAt(resolved),
      closed_at: status === 'closed' && resolved !== null ? isoAt(Math.min(nowMs, resolved + random.int(0, 2 * DAY))) : null,
      source: random.weighted(SOURCES),
    },
  };
}
