import { Button, Group, Select, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PlannedRoute, PlannedStop } from '../../src-shared/schedule/contract.ts';
import type { BoardJudge } from '../../src-shared/schedule/judge.ts';
import { formatTime } from '../kit/formats.ts';
import { judgeAt, type Drop } from './dragging.ts';
import { costOf, reasonsOf } from './verdict.ts';

const NOBODY = '';
const MOST = 6;

/** The same as dragging, by choosing: engineer and time, judged while one chooses. */
export function MoveForm({ stop, date, routes, judge, drop }: { stop: PlannedStop; date: string; routes: readonly PlannedRoute[]; judge: BoardJudge | null; drop: Drop }) {
  const { t } = useTranslation();
  const [engineer, setEngineer] = useState(stop.before.assigned_to ?? NOBODY);
  const [time, setTime] = useState(formatTime(stop.starts_at));
  const startsAt = new Date(`${date}T${time}:00`).getTime();
  const valid = Number.isFinite(startsAt);
  const judgement = engineer !== NOBODY && valid ? judgeAt(judge, stop, engineer, startsAt) : null;
  const same = engineer === (stop.before.assigned_to ?? NOBODY) && startsAt === Date.parse(stop.starts_at);
  const people = [...new Map(routes.map((route) => [route.engineer_id, route.engineer_name])).entries()].map(([value, label]) => ({ value, label }));
  return (
    <form
      aria-label={t('schedule:drag.form')}
      onSubmit={(event) => {
        event.preventDefault();
        if (valid && !same) drop(stop, engineer === NOBODY ? null : engineer, startsAt, judgement);
      }}
    >
      <Group gap="sm" align="flex-end">
        <Select size="xs" w={190} label={t('schedule:days.who')} data={[{ value: NOBODY, label: t('schedule:board.unassigned') }, ...people]} value={engineer} allowDeselect={false} onChange={(value) => setEngineer(value ?? NOBODY)} />
        <TextInput size="xs" w={110} type="time" label={t('schedule:sheet.time')} value={time} onChange={(event) => setTime(event.currentTarget.value)} />
        <Button size="xs" type="submit" variant="light" disabled={same || !valid}>
          {t('schedule:drag.put')}
        </Button>
      </Group>
      {judgement && !same && (
        <Text size="xs" mt={4} c={judgement.breaches.length > 0 ? 'red' : 'teal'} aria-live="polite">
          {judgement.breaches.length > 0 ? reasonsOf(t, judgement, MOST) : costOf(t, judgement)}
        </Text>
      )}
    </form>
  );
}
