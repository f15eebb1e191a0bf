import type { Priority } from '../../../src-shared/tickets/model.ts';

/** What happened with a ticket: who, when (day from today and time), a note, and perhaps a new status. */
export type Step = [day: number, time: string, by: string, note: string | null, status?: 'in_progress' | 'waiting' | 'resolved' | 'closed'];

export interface TicketTale {
  key: string;
  client: string;
  by: string;
  day: number;
  time: string;
  subject: string;
  description?: string;
  priority?: Priority;
  assigned?: string;
  /** Day from today by which it is due. */
  due?: number;
  asset?: string;
  source?: string;
  steps?: Step[];
}

/** Tickets that somebody would tell about: late ones, today's, waiting ones, done ones. */
export const TICKETS: readonly TicketTale[] = [
  { key: 't.server', client: 'alfa', by: 'marina', day: -3, time: '09:15', subject: 'Сервер 1С перезагружается по ночам', description: 'Утром база недоступна, в журнале — критическая ошибка питания. Копии при этом делаются.', priority: 'critical', assigned: 'ivan', due: -1, asset: 'alfa.asset0', source: 'phone', steps: [[-3, '09:40', 'ivan', 'Подключился по AnyDesk: событие 41 Kernel-Power каждую ночь около 03:10.', 'in_progress'], [-2, '12:05', 'ivan', 'Один из блоков питания не отвечает. Заказал замену, обещают завтра.'], [-1, '17:30', 'marina', 'Клиент звонил второй раз, просит решить до отчётности.']] },
  { key: 't.cash', client: 'store', by: 'marina', day: -1, time: '18:50', subject: 'Касса не пробивает чеки', description: 'Ошибка обмена с ОФД, в очереди 112 непереданных чеков.', priority: 'high', assigned: 'sergey', due: 0, source: 'phone', steps: [[-1, '19:20', 'sergey', 'Перезапустил драйвер ККТ, часть чеков ушла. Нужен выезд: похоже, кабель.', 'in_progress']] },
  { key: 't.wifi', client: 'hotel', by: 'olga', day: -2, time: '14:05', subject: 'Гостевой Wi-Fi не открывает страницу входа на 3 этаже', priority: 'high', assigned: 'dmitry', due: 0, source: 'email', steps: [[-2, '15:00', 'dmitry', 'Две точки на 3 этаже на старой прошивке, обновлю ночью.', 'in_progress'], [-1, '10:20', 'dmitry', 'Обновил, на одной проблема осталась. Заменю точку при выезде.']] },
  { key: 't.printer', client: 'law', by: 'marina', day: -4, time: '11:30', subject: 'МФУ печатает полосы', description: 'Заменили картридж, не помогло. Печатают договоры для суда.', priority: 'medium', assigned: 'timur', due: -2, asset: 'law.asset0', source: 'phone', steps: [[-4, '12:10', 'timur', 'Похоже на фотобарабан. Нужно согласовать стоимость.', 'waiting']] },
  { key: 't.account', client: 'clinic', by: 'marina', day: 0, time: '08:20', subject: 'Завести учётные записи двум новым врачам', description: 'Выходят завтра: терапевт и кардиолог. Нужны почта, МИС и доступ к снимкам.', priority: 'medium', assigned: 'ivan', due: 1, source: 'email' },
  { key: 't.internet', client: 'depot', by: 'marina', day: 0, time: '08:45', subject: 'Нет интернета на складе', description: 'Не печатаются накладные, машины стоят. Провайдер говорит, что у них всё в порядке.', priority: 'critical', assigned: 'sergey', due: 0, source: 'phone', steps: [[0, '08:55', 'sergey', 'Роутер не отвечает. Прошу переткнуть питание и переключить на резервный 4G.', 'in_progress']] },
  { key: 't.camera', client: 'depot', by: 'olga', day: -6, time: '16:10', subject: 'Нет записи с камеры на воротах', priority: 'medium', assigned: 'owner', due: -1, source: 'email' },
  { key: 't.vpn', client: 'plant', by: 'olga', day: -1, time: '10:00', subject: 'VPN для подрядчика на две недели', description: 'Доступ только к серверу АСУ, согласовано с Шестаковым.', priority: 'low', assigned: 'timur', due: 4, source: 'email', steps: [[-1, '15:45', 'timur', 'Жду от клиента список адресов.', 'waiting']] },
  { key: 't.projector', client: 'school', by: 'marina', day: -5, time: '13:20', subject: 'Не включается проектор в аудитории 12', priority: 'low', assigned: 'dmitry', due: 3, source: 'phone' },
  { key: 't.scanner', client: 'smile', by: 'marina', day: -8, time: '12:00', subject: 'Не передаются снимки с визиографа', description: 'Программа не видит датчик после обновления Windows.', priority: 'high', assigned: 'ivan', due: -5, source: 'phone', steps: [[-8, '12:25', 'ivan', 'Откатил обновление, датчик определяется.', 'in_progress'], [-7, '18:40', 'ivan', 'Поставил новый драйвер от производителя, проверили на трёх снимках.', 'resolved']] },
  { key: 't.backup', client: 'alfa', by: 'ivan', day: -10, time: '07:55', subject: 'Не выполнилось резервное копирование', priority: 'high', assigned: 'ivan', due: -9, source: 'monitoring', steps: [[-10, '08:30', 'ivan', 'На NAS закончилось место, удалил копии старше 60 дней.', 'in_progress'], [-10, '09:45', 'ivan', 'Копия сделана, проверил восстановление одной базы.', 'resolved'], [-9, '11:00', 'marina', 'Клиент подтвердил.', 'closed']] },
  { key: 't.mail', client: 'law', by: 'marina', day: -14, time: '10:30', subject: 'Письма попадают в спам у контрагентов', priority: 'medium', assigned: 'dmitry', due: -11, source: 'email', steps: [[-14, '12:15', 'dmitry', 'В SPF нет нового почтового сервера. Поправил запись, ждём обновления DNS.', 'in_progress'], [-13, '10:10', 'dmitry', 'Проверил на трёх внешних ящиках: доходит во «Входящие».', 'resolved'], [-12, '09:00', 'marina', null, 'closed']] },
  { key: 't.laptop', client: 'krylova', by: 'marina', day: -2, time: '19:10', subject: 'Ноутбук не заряжается', description: 'Разъём шатается. Готова привезти в офис.', priority: 'low', assigned: 'owner', due: 5, source: 'phone' },
  { key: 't.terminal', client: 'cafe', by: 'marina', day: -1, time: '21:30', subject: 'Терминал эквайринга пишет «Нет связи с банком»', priority: 'high', assigned: 'owner', due: 0, source: 'phone' },
  { key: 't.skud', client: 'fitness', by: 'olga', day: -3, time: '17:25', subject: 'Турникет не читает новые браслеты', description: 'Партия браслетов другого стандарта, 200 штук.', priority: 'medium', assigned: 'timur', due: 1, source: 'email', steps: [[-2, '11:00', 'timur', 'Нужны считыватели Mifare, запросил счёт у поставщика.', 'waiting']] },
  { key: 't.new', client: 'school', by: 'olga', day: 0, time: '09:05', subject: 'Подготовить компьютерный класс к экзаменам', description: '15 мест, чистая система, браузер в режиме киоска.', priority: 'medium', due: 9, source: 'email' },
  { key: 't.ups', client: 'plant', by: 'timur', day: -20, time: '09:30', subject: 'ИБП в серверной пищит', priority: 'high', assigned: 'timur', due: -18, asset: 'plant.asset0', source: 'phone', steps: [[-20, '13:00', 'timur', 'Батареи отработали пять лет, нужна замена комплекта.', 'in_progress'], [-17, '16:20', 'timur', 'Заменил батареи, тест 22 минуты под нагрузкой.', 'resolved'], [-15, '10:00', 'olga', 'Акт подписан.', 'closed']] },
];
