import { decodeEntities } from './cells.ts';

export type ColumnOwner = 'row' | 'company' | 'contact' | 'any';
export type ColumnField =
  | 'source_id' | 'type' | 'created_at' | 'updated_at' | 'responsible' | 'tags' | 'note'
  | 'full_name' | 'first_name' | 'middle_name' | 'last_name' | 'position'
  | 'name' | 'inn' | 'kpp' | 'ogrn' | 'legal_name' | 'activity_fields'
  | 'phone' | 'email' | 'address' | 'website' | 'comment';

/** What becomes of a column: a field is taken, a column of deals or of the system is passed over, all others go to the comment. */
export interface PlannedColumn {
  index: number;
  header: string;
  /** The header, with a number behind it where the same title occurs again: the key in the kept raw row. */
  key: string;
  status: 'taken' | 'ignored' | 'comment';
  /** Whose value it is; `any` is decided row by row. */
  owner: ColumnOwner;
  field: ColumnField | null;
}

export interface HeaderPlan {
  /** `export`: one row is a company or a contact, by its type. `template`: titles name the entity, one row may hold both. */
  family: 'export' | 'template';
  columns: PlannedColumn[];
  /** Headers whose values go to the comment, for the person to look at before the import. */
  unknown: string[];
}

/** `why` is a message key below `errors.`. */
export type HeaderVerdict = { ok: true; plan: HeaderPlan } | { ok: false; why: 'import_no_header' | 'import_deals_only' | 'import_no_known_columns' };

interface Title {
  text: string;
  owner: 'company' | 'contact' | 'deal' | null;
}

const SUFFIX = /\s*\((контакта?|компани[яи]|сделк[аи]|contact|company|lead|deal)\)$/;

/** The title as it is compared: case, ё, quotes, number, currency and the entity in brackets taken off. */
function readTitle(header: string): Title {
  let text = decodeEntities(header)
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll('ё', 'е')
    .replace(/[\ufeff"'«»]/g, '')
    .replace(/[\s_]+/g, ' ')
    .trim();
  const suffix = SUFFIX.exec(text)?.[1];
  text = text.replace(SUFFIX, '').replace(/[,\s]*[₽₸€$₴]$/, '').replace(/[\s:*.]+$/, '');
  if (/\p{L}\s+\d{1,2}$/u.test(text)) text = text.replace(/\s+\d{1,2}$/, '');
  const owner = suffix === undefined ? null : /^(?:конт|contact)/.test(suffix) ? 'contact' : /^(?:комп|company)/.test(suffix) ? 'company' : 'deal';
  return { text, owner };
}

type Known = [ColumnOwner, ColumnField];
const TITLES = new Map<string, Known>();
function know(owner: ColumnOwner, field: ColumnField, titles: string): void {
  for (const title of titles.split('|')) TITLES.set(title.trim(), [owner, field]);
}
know('row', 'source_id', 'id | ид | id контакта | id компании');
know('row', 'type', 'тип | type');
know('row', 'created_at', 'дата создания контакта | дата создания компании | дата создания | created at');
know('row', 'updated_at', 'дата редактирования | дата изменения | updated at');
know('row', 'responsible', 'ответственный | responsible | responsible name');
know('contact', 'responsible', 'ответственный за контакт');
know('company', 'responsible', 'ответственный за компанию');
know('row', 'tags', 'теги | тег | tags');
know('contact', 'tags', 'тег контакта | теги контакта');
know('company', 'tags', 'тег компании | теги компании');
know('row', 'note', 'примечание | примечания');
know('contact', 'note', 'примечание к контакту');
know('company', 'note', 'примечание к компании');
know('contact', 'full_name', 'полное имя контакта | полное имя | фио | имя контакта | контактное лицо | основной контакт | full name');
know('contact', 'first_name', 'имя | first name');
know('contact', 'middle_name', 'отчество | middle name');
know('contact', 'last_name', 'фамилия | last name');
know('contact', 'position', 'должность | position');
know('company', 'name', 'название компании | компания | компания контакта | наименование компании | наименование | название | организация | company name | company | name');
know('company', 'inn', 'инн | инн компании | inn');
know('company', 'kpp', 'кпп | кпп компании | kpp');
know('company', 'ogrn', 'огрн | огрнип | огрн компании | ogrn');
know('company', 'legal_name', 'юридическое название компании | юридическое название | юридическое наименование | полное наименование | legal name');
know('company', 'activity_fields', 'сферы деятельности | сфера деятельности | виды деятельности | вид деятельности | activity fields');
know('any', 'phone', 'рабочий телефон | рабочий прямой телефон | мобильный телефон | домашний телефон | другой телефон | телефон | телефоны | phone | phones | work phone | mobile phone');
know('any', 'email', 'рабочий email | личный email | другой email | email | e-mail | почта | электронная почта | work email');
know('any', 'address', 'адрес | юридический адрес | фактический адрес | address');
know('any', 'website', 'web | сайт | website');
know('any', 'comment', 'комментарий | комментарии | comment');

/** Kept by the source for itself, or about deals: of no use here. */
const IGNORED = /^(?:кем (?:создан|редактирован)|создатель|автор изменения|сделки$|ближайшая задача|пользовательское соглашение|utm[ _]|roistat|yclid|gclid|_ym_|дата закрытия|воронка|бюджет|статус сделки|этап сделки|название сделки|теги? сделки|ответственный за сделку|примечание к сделке|дата создания сделки|deals?$|leads?$)/;
/** Only an export of deals has these. */
const DEAL_EXPORT = /^(?:этап сделки|воронка|дата закрытия|дата создания сделки|кем создана сделка)/;
const DEAL_NAME = /^название сделки$/;
/** What must be known of a row to make anything of it. */
const IDENTITY = new Set<ColumnField | null>(['full_name', 'first_name', 'last_name', 'name', 'legal_name', 'inn', 'phone', 'email']);

function planColumn(header: string, index: number, key: string): PlannedColumn {
  const title = readTitle(header);
  const passed = (status: 'ignored' | 'comment'): PlannedColumn => ({ index, header, key, status, owner: title.owner === 'company' || title.owner === 'contact' ? title.owner : 'any', field: null });
  if (title.text === '' || title.owner === 'deal' || IGNORED.test(title.text)) return passed('ignored');
  const known = TITLES.get(title.text);
  if (!known) return passed('comment');
  const [owner, field] = known;
  const taken = (whose: ColumnOwner, what: ColumnField): PlannedColumn => ({ index, header, key, status: 'taken', owner: whose, field: what });
  if (title.owner === null || field === 'source_id' || field === 'type') return taken(owner, field);
  // «Полное имя (компания)» and «Название (контакт)» are the name of what the brackets say; «Компания (контакт)» is the company's.
  if (title.owner === 'company') return taken('company', field === 'full_name' || field === 'first_name' ? 'name' : field);
  if (field !== 'name') return taken('contact', field);
  return /^(?:название|наименование|name)$/.test(title.text) ? taken('contact', 'full_name') : taken('company', 'name');
}

/**
 * Recognises the columns of an amoCRM or Kommo file by their names, never by position: both the export and the import template,
 * titles that occur twice, custom fields. Exports of deals are refused: their ID and dates are those of deals.
 */
export function planHeaders(headers: readonly string[]): HeaderVerdict {
  if (headers.every((header) => header.trim() === '')) return { ok: false, why: 'import_no_header' };
  const seen = new Map<string, number>();
  const columns = headers.map((header, index) => {
    const title = header.replace(/^\ufeff/, '').trim();
    const times = (seen.get(title) ?? 0) + 1;
    seen.set(title, times);
    return planColumn(title, index, times === 1 ? title : `${title} (${times})`);
  });
  const titles = headers.map(readTitle);
  const taken = columns.filter((column) => column.status === 'taken');
  const typed = taken.some((column) => column.field === 'type');
  const identified = taken.some((column) => IDENTITY.has(column.field));
  const dealExport = titles.some((title) => title.owner === null && DEAL_EXPORT.test(title.text));
  const dealName = titles.some((title) => DEAL_NAME.test(title.text));
  if (!typed && (dealExport || (dealName && !identified))) return { ok: false, why: 'import_deals_only' };
  if (!identified) return { ok: false, why: 'import_no_known_columns' };
  const template = !typed && titles.some((title) => title.owner === 'contact' || title.owner === 'company');
  return { ok: true, plan: { family: template ? 'template' : 'export', columns, unknown: columns.filter((column) => column.status === 'comment').map((column) => column.header) } };
}
