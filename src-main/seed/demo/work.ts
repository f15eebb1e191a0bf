import { appointments } from '../../appointments/index.ts';
import { notes } from '../../notes/index.ts';
import { tickets } from '../../tickets/index.ts';
import type { Random } from '../random.ts';
import { DAY, HOUR, ticketValues } from '../rows.ts';
import { PRIORITIES } from '../../../src-shared/tickets/model.ts';
import { clientNote, ticketNote, visitTitle } from '../words/work.ts';
import { ENGINEERS } from './base.ts';
import type { Story } from './story.ts';
import { TICKETS, type TicketTale } from './tickets.ts';

/** Tickets worth telling, and the ordinary ones around them. */
export function tellTickets(story: Story, random: Random, clientKeys: readonly string[]): void {
  for (const tale of TICKETS) tellTicket(story, tale);
  for (let index = 0; index < 70; index++) tellOrdinary(story, random, clientKeys);
  for (const [index, key] of clientKeys.slice(0, 16).entries()) {
    story.scene(story.at(-150 + index * 9, '13:10'), random.pick(ENGINEERS), (tx) => notes.insertIn(tx, { content: clientNote(random), pinned: index % 4 === 0, client_id: story.id(key) }));
  }
}

function tellTicket(story: Story, tale: TicketTale): void {
  const { key, client, asset, assigned, due, by, day, time, steps = [], ...values } = tale;
  story.scene(story.at(day, time), by, (tx) => {
    const row = tickets.insertIn(tx, {
      ...values,
      client_id: story.id(client),
      assigned_to: assigned ? story.id(assigned) : null,
      asset_id: asset ? story.id(asset) : null,
      due_date: due === undefined ? null : story.day(due),
    });
    story.keep(key, row.id);
  });
  for (const [stepDay, stepTime, author, content, status] of steps) {
    story.scene(story.at(stepDay, stepTime), author, (tx) => {
      if (content) notes.insertIn(tx, { content, ticket_id: story.id(key) });
      if (status) tickets.updateIn(tx, story.id(key), { status });
    });
  }
}

/** A ticket of the last three months with one or two notes, reported by the desk and worked by an engineer. */
function tellOrdinary(story: Story, random: Random, clientKeys: readonly string[]): void {
  const reported = story.at(-random.int(2, 90), `${String(random.int(9, 17)).padStart(2, '0')}:${random.pick(['05', '20', '35', '50'])}`);
  const engineer = random.pick(ENGINEERS);
  const client = random.pick(clientKeys);
  const { values, kind } = ticketValues(random, reported, story.nowMs);
  const { status, resolved_at, closed_at, priority, ...told } = values;
  const open = story.nowMs - reported < 12 * DAY && random.chance(0.5);
  let id = '';
  story.scene(reported, random.pick(['marina', 'olga']), (tx) => {
    id = tickets.insertIn(tx, { ...told, priority: PRIORITIES[priority as number], client_id: story.id(client), assigned_to: story.id(engineer) }).id;
  });
  story.scene(reported + random.int(1, 5) * HOUR, engineer, (tx) => {
    notes.insertIn(tx, { content: ticketNote(random, kind), ticket_id: id });
    tickets.updateIn(tx, id, { status: 'in_progress' });
  });
  if (open) return;
  const done = reported + random.int(6, 40) * HOUR;
  story.scene(done, engineer, (tx) => {
    notes.insertIn(tx, { content: ticketNote(random, kind), ticket_id: id });
    tickets.updateIn(tx, id, { status: 'resolved' });
  });
  if (story.nowMs - done > 3 * DAY) story.scene(done + DAY, 'marina', (tx) => tickets.updateIn(tx, id, { status: 'closed' }));
}

type Visit = [day: number, time: string, minutes: number, engineer: string | null, client: string, title: string, ticket?: string];

/** Visits of today and of the next days that belong to the story; Ivan is promised twice on the second day. */
const VISITS: readonly Visit[] = [
  [0, '10:00', 90, 'sergey', 'depot', 'Восстановление связи на складе', 't.internet'],
  [0, '11:30', 60, 'ivan', 'alfa', 'Замена блока питания сервера', 't.server'],
  [0, '12:30', 60, 'sergey', 'store', 'Касса: кабель и обмен с ОФД', 't.cash'],
  [0, '15:00', 120, 'dmitry', 'hotel', 'Замена точки доступа, 3 этаж', 't.wifi'],
  [0, '16:30', 60, 'owner', 'cafe', 'Эквайринг: проверить на месте', 't.terminal'],
  [0, '18:00', 60, null, 'law', 'Забрать МФУ на диагностику', 't.printer'],
  [1, '09:30', 90, 'ivan', 'clinic', 'Рабочие места новых врачей', 't.account'],
  [1, '10:30', 60, 'ivan', 'smile', 'Проверка визиографа', 't.scanner'],
  [1, '13:00', 120, 'timur', 'fitness', 'Считыватели на турникетах', 't.skud'],
  [1, '15:00', 60, 'owner', 'law', 'Встреча: продление договора'],
  [2, '10:00', 180, 'timur', 'plant', 'Плановый осмотр серверной'],
  [2, '14:00', 60, 'dmitry', 'school', 'Проектор в аудитории 12', 't.projector'],
  [3, '11:00', 60, 'dmitry', 'alfa', 'Обучение новых сотрудников'],
];

/** Appointments: a meeting that is over, a visit that is to come, this week's board, and weeks before and after it. */
export function tellCalendar(story: Story, random: Random, clientKeys: readonly string[]): void {
  story.scene(story.at(-16, '10:00'), 'olga', (tx) => {
    const row = appointments.insertIn(tx, { client_id: story.id('alfa'), title: 'Стратегическая встреча: план развития на год', starts_at: new Date(story.at(-9, '14:00')).toISOString(), duration_minutes: 90, assigned_to: story.id('olga'), comment: 'Обсудили переезд 1С на новый сервер и второй канал связи. Ждут смету.' });
    story.keep('meeting', row.id);
  });
  story.scene(story.at(-9, '15:40'), 'olga', (tx) => appointments.updateIn(tx, story.id('meeting'), { status: 'completed' }));
  for (const [day, time, minutes, engineer, client, title, ticket] of VISITS) {
    // After the newest ticket that a visit is for.
    story.scene(story.at(0, '09:10'), 'olga', (tx) => {
      appointments.insertIn(tx, { client_id: story.id(client), title, starts_at: new Date(story.at(day, time)).toISOString(), duration_minutes: minutes, assigned_to: engineer ? story.id(engineer) : null, ticket_id: ticket ? story.id(ticket) : null });
    });
  }
  for (let week = -3; week <= 2; week++) {
    for (let weekday = 0; weekday < 5; weekday++) {
      const day = story.monday + week * 7 + weekday;
      if (day >= 0 && day <= 3) continue;
      for (const engineer of ENGINEERS) if (random.chance(day < 0 ? 0.75 : 0.45)) tellVisit(story, random, engineer, random.pick(clientKeys), day);
    }
  }
}

function tellVisit(story: Story, random: Random, engineer: string, client: string, day: number): void {
  const starts = story.at(day, `${String(random.int(9, 16)).padStart(2, '0')}:${random.pick(['00', '30'])}`);
  const duration_minutes = random.pick([60, 60, 90, 120]);
  const agreed = starts - random.int(2, 9) * DAY;
  let id = '';
  story.scene(agreed, 'olga', (tx) => {
    id = appointments.insertIn(tx, { client_id: story.id(client), title: visitTitle(random), starts_at: new Date(starts).toISOString(), duration_minutes, assigned_to: story.id(engineer) }).id;
  });
  if (day < 0) story.scene(starts + 2 * HOUR, engineer, (tx) => appointments.updateIn(tx, id, { status: random.chance(0.9) ? 'completed' : 'cancelled' }));
}
