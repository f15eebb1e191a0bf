import { PRIORITIES, type Priority } from '../../../src-shared/tickets/model.ts';
import { tickets } from '../../tickets/index.ts';
import type { Story } from './story.ts';

interface TaskTale {
  title: string;
  by: string;
  assigned: string;
  /** Days from today: when it was written down, and when it is due. */
  day: number;
  due: number;
  priority?: Priority;
  client?: string;
  ticket?: string;
  description?: string;
  status?: 'in_progress' | 'completed';
  rrule?: string;
}

const TASKS: readonly TaskTale[] = [
  { title: 'Проверить резервные копии у клиентов', by: 'natalya', assigned: 'ivan', day: -90, due: 0, priority: 'high', rrule: 'FREQ=WEEKLY;BYDAY=MO,TH', description: 'Сервер 1С, NAS, почта. Отметить в заметке клиента, если копия старше суток.' },
  { title: 'Подписать акты за месяц', by: 'natalya', assigned: 'owner', day: -120, due: 6, priority: 'high', rrule: 'FREQ=MONTHLY;BYMONTHDAY=-1' },
  { title: 'Планёрка с инженерами', by: 'olga', assigned: 'olga', day: -60, due: 1, rrule: 'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR' },
  { title: 'Обойти серверную «Металлпрома»', by: 'olga', assigned: 'timur', day: -75, due: 2, client: 'plant', rrule: 'FREQ=WEEKLY;INTERVAL=2' },
  { title: 'Согласовать замену фотобарабана', by: 'timur', assigned: 'marina', day: -4, due: -1, priority: 'medium', client: 'law', ticket: 't.printer' },
  { title: 'Заказать блок питания Dell 495 Вт', by: 'ivan', assigned: 'ivan', day: -2, due: -1, priority: 'critical', client: 'alfa', ticket: 't.server', status: 'in_progress' },
  { title: 'Смета на второй канал связи', by: 'olga', assigned: 'olga', day: -9, due: 0, priority: 'high', client: 'alfa', status: 'in_progress', description: 'Два провайдера, срок подключения и стоимость на год.' },
  { title: 'Позвонить по продлению договора', by: 'olga', assigned: 'owner', day: -1, due: 0, priority: 'medium', client: 'clinic' },
  { title: 'Прислать список адресов для VPN', by: 'timur', assigned: 'olga', day: -1, due: 1, client: 'plant', ticket: 't.vpn' },
  { title: 'Счёт на считыватели Mifare', by: 'timur', assigned: 'marina', day: -2, due: 1, client: 'fitness', ticket: 't.skud' },
  { title: 'Подготовить образ для компьютерного класса', by: 'olga', assigned: 'dmitry', day: 0, due: 5, client: 'school', ticket: 't.new' },
  { title: 'Обновить контроллер UniFi', by: 'dmitry', assigned: 'dmitry', day: -5, due: 3, client: 'hotel', status: 'in_progress' },
  { title: 'Предложение по видеонаблюдению на воротах', by: 'natalya', assigned: 'owner', day: -7, due: -3, priority: 'medium', client: 'depot' },
  { title: 'Обучить администратора работе с заявками', by: 'natalya', assigned: 'marina', day: -6, due: 4, priority: 'low', client: 'clinic' },
  { title: 'Списать старые коммутаторы', by: 'natalya', assigned: 'sergey', day: -20, due: 12, priority: 'low' },
  { title: 'Продлить домен zdorovie-plus.ru', by: 'marina', assigned: 'marina', day: -4, due: 8, client: 'clinic' },
  { title: 'Составить схему сети склада', by: 'sergey', assigned: 'sergey', day: -15, due: -6, client: 'depot', status: 'completed' },
  { title: 'Проверить ИБП после замены батарей', by: 'timur', assigned: 'timur', day: -17, due: -10, client: 'plant', ticket: 't.ups', status: 'completed' },
  { title: 'Отправить акт по почте', by: 'marina', assigned: 'marina', day: -12, due: -11, client: 'law', ticket: 't.mail', status: 'completed' },
];

/** What people have promised themselves and each other, once or again and again. */
export function tellTasks(story: Story): void {
  for (const { by, day, due, priority = 'medium', client, ticket, assigned, status, rrule, ...words } of TASKS) {
    let id = '';
    story.scene(story.at(day, '19:05'), by, (tx) => {
      const row = tx.insert('tasks', {
        ...words,
        client_id: client ? story.id(client) : null,
        ticket_id: ticket ? story.id(ticket) : null,
        assigned_to: story.id(assigned),
        status: 'pending',
        priority: PRIORITIES.indexOf(priority),
        due_date: story.day(due),
        rrule: rrule ?? null,
      });
      id = row.id;
      if (rrule) tx.update('tasks', id, { series_id: id });
    });
    if (status) story.scene(story.at(Math.max(day, due - 1), '19:35'), assigned, (tx) => tx.update('tasks', id, { status, completed_at: status === 'completed' ? tx.now : null }));
  }
  tellTrash(story);
}

/** A ticket entered twice by mistake: something for the trash to give back. */
function tellTrash(story: Story): void {
  let id = '';
  story.scene(story.at(-1, '18:52'), 'marina', (tx) => {
    id = tickets.insertIn(tx, { client_id: story.id('store'), subject: 'Касса не пробивает чеки (повтор)', priority: 'high', source: 'phone' }).id;
  });
  story.scene(story.at(-1, '18:55'), 'marina', (tx) => tickets.removeIn(tx, id));
}
