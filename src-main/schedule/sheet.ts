import type { Content, TableCell, TDocumentDefinitions } from 'pdfmake/interfaces';
import { markOf } from '../../src-shared/kernel/mark.ts';
import type { Ref } from '../../src-shared/kernel/contract.ts';
import { formatDay } from '../../src-shared/kernel/dates.ts';
import { canonicalPhone, formatPhone } from '../../src-shared/kernel/phone.ts';
import { translator } from '../../src-shared/kernel/translate.ts';
import type { PlannedRoute, PlannedStop } from '../../src-shared/schedule/contract.ts';
import { REGISTRY } from '../core/entities.ts';
import type { Session } from '../core/session.ts';
import { resolveRef } from '../store/resolve.ts';
import { scheduleDay } from './present.ts';

const MARGINS: [number, number, number, number] = [36, 40, 36, 44];
const GREY = '#555555';

/** Day sheets as PDF: a page, or as many as it takes, for each engineer with visits. An engineer gets his own. */
export async function daySheet(session: Session, input: { date: string; engineer?: Ref | undefined }): Promise<File> {
  const day = scheduleDay(session, input.date);
  const engineer = input.engineer === undefined ? null : resolveRef(session.store.read, REGISTRY, 'users', input.engineer, { field: 'engineer' });
  const routes = day.routes.filter((route) => (engineer ? route.engineer_id === engineer : route.stops.length > 0));
  const { language } = session;
  const organization = session.store.read.get<{ name: string }>('SELECT name FROM organization LIMIT 1')?.name ?? '';
  const bytes = await render(sheetDocument({ date: input.date, zone: day.time_zone, language, organization, routes }));
  return new File([bytes], `${translator(language, 'schedule')('sheet.file', { date: input.date })}.pdf`, { type: 'application/pdf' });
}

interface SheetInput {
  date: string;
  zone: string;
  language: 'ru' | 'en';
  organization: string;
  routes: readonly PlannedRoute[];
}

function sheetDocument({ date, zone, language, organization, routes }: SheetInput): TDocumentDefinitions {
  const t = translator(language, 'schedule');
  const locale = language === 'ru' ? 'ru-RU' : 'en-GB';
  const clock = new Intl.DateTimeFormat(locale, { timeZone: zone, hour: '2-digit', minute: '2-digit' });
  const time = (moment: string): string => clock.format(new Date(moment));
  const weekday = new Intl.DateTimeFormat(locale, { weekday: 'long', timeZone: 'UTC' }).format(new Date(`${date}T00:00:00Z`));
  const head: TableCell[] = ['time', 'visit', 'address', 'mark'].map((column) => ({ text: t(`sheet.${column}`), bold: true, color: GREY, fontSize: 9 }));
  const pages = routes.map((route, index): Content => {
    const provisional = route.stops.some((stop) => stop.appointment_no === null);
    return [
      { text: route.engineer_name, style: 'name', ...(index > 0 ? { pageBreak: 'before' as const } : {}) },
      { text: `${formatDay(date, language)}, ${weekday}`, margin: [0, 0, 0, 2] },
      { text: route.stops.length === 0 ? t('board.free') : `${time(route.departs_at)}–${time(route.finishes_at)} · ${t('board.day', { count: route.stops.length, travel: route.travel_minutes, km: String(route.distance_km).replace('.', language === 'ru' ? ',' : '.') })}`, color: GREY, margin: [0, 0, 0, 8] },
      ...(route.stops.length === 0
        ? []
        : [{ table: { headerRows: 1, dontBreakRows: true, widths: [62, '*', 170, 74], body: [head, ...route.stops.map((stop, place) => rowOf(stop, place + 1, language, time))] }, layout: { hLineWidth: () => 0.5, vLineWidth: () => 0, hLineColor: () => '#bbbbbb', paddingLeft: () => 0, paddingRight: () => 8, paddingTop: () => 5, paddingBottom: () => 5 } }]),
      ...(provisional ? [{ text: t('sheet.provisional_note'), fontSize: 8, color: GREY, margin: [0, 8, 0, 0] as [number, number, number, number] }] : []),
    ];
  });
  return {
    pageSize: 'A4',
    pageMargins: MARGINS,
    info: { title: t('sheet.file', { date }), author: organization },
    defaultStyle: { font: 'Roboto', fontSize: 10, lineHeight: 1.15 },
    styles: { name: { fontSize: 16, bold: true, margin: [0, 0, 0, 2] } },
    content: pages.length > 0 ? pages : [{ text: t('sheet.nobody', { date: formatDay(date, language) }) }],
    footer: (page, pages_) => ({ columns: [{ text: organization }, { text: t('sheet.page', { page, pages: pages_ }), alignment: 'right' }], margin: [MARGINS[0], 14, MARGINS[2], 0], fontSize: 8, color: GREY }),
  };
}

function rowOf(stop: PlannedStop, place: number, language: 'ru' | 'en', time: (moment: string) => string): TableCell[] {
  const t = translator(language, 'schedule');
  const phones = stop.phones.map((phone) => printable(formatPhone(canonicalPhone(phone), language)));
  const late = [
    ...(stop.late_minutes > 0 ? [t('board.late', { minutes: stop.late_minutes })] : []),
    ...(stop.promise_missed_minutes > 0 ? [t('board.promise_missed', { minutes: stop.promise_missed_minutes })] : []),
  ];
  return [
    { stack: [{ text: `${place}. ${time(stop.starts_at)}`, bold: true }, { text: `–${time(stop.ends_at)}`, color: GREY }, { text: t('sheet.way', { minutes: stop.travel_minutes }), color: GREY, fontSize: 8 }] },
    {
      stack: [
        { text: breakable(stop.client_name ?? ''), bold: true },
        { text: breakable(`${stop.appointment_no === null ? t('sheet.provisional', { mark: markOf(stop.appointment_id) }) : `№ ${stop.appointment_no}`} · ${stop.title}`) },
        ...(stop.comment ? [{ text: breakable(stop.comment), color: GREY, fontSize: 9 }] : []),
        ...late.map((line) => ({ text: line, bold: true, fontSize: 9 })),
      ],
    },
    { stack: [{ text: breakable(stop.address ?? t('problems.place_unknown')) }, ...phones.map((phone) => ({ text: phone, noWrap: true }))] },
    { text: stop.status === 'completed' ? t('sheet.done') : '' },
  ];
}

/** Lets words longer than a column be parted, which the layout does not do by itself. */
const breakable = (text: string): string => printable(text).replace(/\S{28}(?=\S)/g, '$&\u200b');

/** The font has no narrow space. */
const printable = (text: string): string => text.replaceAll('\u202f', '\u00a0');

/** The layout and its fonts are big: they are loaded when the first sheet is wanted. */
async function render(document: TDocumentDefinitions): Promise<Uint8Array<ArrayBuffer>> {
  const [{ default: pdfmake }, { default: regular }, { default: bold }] = await Promise.all([import('pdfmake'), import('pdfmake/fonts/Roboto/Roboto-Regular.ttf?inline'), import('pdfmake/fonts/Roboto/Roboto-Medium.ttf?inline')]);
  // Its own store of files asks where its module lies, which a bundle does not know.
  const files = new Map(Object.entries({ regular, bold }).map(([name, url]) => [name, Buffer.from(url.slice(url.indexOf(',') + 1), 'base64')]));
  Object.assign(pdfmake, { virtualfs: { existsSync: (name: string) => files.has(name), readFileSync: (name: string) => files.get(name) } });
  pdfmake.setFonts({ Roboto: { normal: 'regular', bold: 'bold' } });
  pdfmake.setLocalAccessPolicy(() => false);
  pdfmake.setUrlAccessPolicy(() => false);
  return new Uint8Array(await pdfmake.createPdf(document).getBuffer());
}
