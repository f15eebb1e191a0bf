import { translator } from '../../src-shared/kernel/translate.ts';
import type { Breach, Warning } from '../../src-shared/schedule/board.ts';
import type { Fit } from '../../src-shared/schedule/contract.ts';
import type { Trouble } from './problem.ts';
import type { UnassignedReason } from './solver/result.ts';

type Language = 'ru' | 'en';

/** A time of day in a zone, as people of the language write it. */
const clock = (language: Language, zone: string) => new Intl.DateTimeFormat(language === 'ru' ? 'ru-RU' : 'en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit' });

/** Sentences of plans in a language. */
export function planWords(language: Language, zone: string) {
  const t = translator(language, 'schedule');
  const time = clock(language, zone);
  return {
    problem: ({ reason, params }: Trouble): string => t(`problems.${reason}`, params),
    breach: ({ kind, params }: Breach | Warning): string => t(`breaches.${kind}`, params),
    /** “Petrov instead of Sidorov, at 10:00”. */
    assignment: (name: string, before: string | null, starts: string): string => t(before === null ? 'assignment.new' : 'assignment.other', { name, before: before ?? '', time: time.format(new Date(starts)) }),
    /** “Petrov at 10:00; +12 min of travel”. */
    place: (name: string, starts: string, minutes: number): string => [t('fit.at', { name, time: time.format(new Date(starts)) }), t('fit.travel', { minutes })].join('; ').replace('+-', '−'),
    unassigned: (reason: UnassignedReason): string => t(`reasons.${reason}`),
    /** “Petrov at 16:10 if overtime of 25 min is allowed; +18 min of travel”. */
    fit: (way: Omit<Fit, 'sentence'>): string => {
      const bent = [
        ...(way.overtime_minutes > 0 ? [t('fit.overtime', { minutes: way.overtime_minutes })] : []),
        ...(way.lateness_minutes > 0 ? [t('fit.lateness', { minutes: way.lateness_minutes })] : []),
      ];
      const head = t('fit.at', { name: way.engineer_name, time: time.format(new Date(way.starts_at)) });
      return [bent.length > 0 ? `${head}${t('fit.if', { what: bent.join(t('fit.and')) })}` : head, t('fit.travel', { minutes: way.added_travel_minutes })].join('; ');
    },
  };
}
