import { Button, Group, Select, Stack, Text } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { PRIORITIES } from '../../src-shared/tickets/model.ts';
import { TASK_STATUSES, type Task } from '../../src-shared/tasks/model.ts';
import { client } from '../app/client.ts';
import { formatMoment } from '../kit/formats.ts';
import { History } from '../kit/History.tsx';
import { Notes } from '../kit/Notes.tsx';
import { CardTabs } from '../kit/Sections.tsx';
import { Due, Fact, RefLink } from '../kit/Shown.tsx';
import { toastError } from '../kit/toasts.tsx';
import { useChange } from '../kit/useMutations.ts';
import { NextDates } from './Repeat.tsx';
import { completeTask, taskWriting } from './writing.ts';

export function TaskCard({ task }: { task: Task }) {
  const { t } = useTranslation();
  const change = useChange(taskWriting);
  const option = (value: string): { value: string; label: string } => ({ value, label: t(`tasks:enums.${value}`) });
  return (
    <Stack gap="md">
      <Group gap="sm" align="flex-end">
        <Select label={t('tasks:fields.status')} size="xs" w={150} data={TASK_STATUSES.map(option)} value={task.status} allowDeselect={false} onChange={(status) => status && void change(task, { status })} />
        <Select label={t('tasks:fields.priority')} size="xs" w={130} data={PRIORITIES.map(option)} value={task.priority} allowDeselect={false} onChange={(priority) => priority && void change(task, { priority })} />
        {task.status !== 'completed' && (
          <Button size="xs" leftSection={<IconCheck size={15} aria-hidden />} onClick={() => void completeTask(task).catch(toastError)}>
            {t('tasks:complete')}
          </Button>
        )}
      </Group>
      <Stack gap={4}>
        <Fact field="due_date" label={t('tasks:fields.due_date')}>
          {task.due_date && (
            <>
              {formatMoment(task.due_date)} <Due value={task.due_date} done={task.status === 'completed'} />
            </>
          )}
        </Fact>
        <Fact field="assigned_to" label={t('tasks:fields.assigned_to')}>{task.assigned_to_name}</Fact>
        <Fact field="client_id" label={t('tasks:fields.client_id')}>{task.client_id && <RefLink to="clients" id={task.client_id}>{task.client_name}</RefLink>}</Fact>
        <Fact field="ticket_id" label={t('tasks:fields.ticket_id')}>{task.ticket_id && <RefLink to="tickets" id={task.ticket_id}>{task.ticket_name}</RefLink>}</Fact>
        <Fact field="completed_at" label={t('tasks:fields.completed_at')}>{formatMoment(task.completed_at)}</Fact>
        <Fact field="rrule" label={t('tasks:fields.rrule')}>{task.rrule && task.due_date && <NextDates rule={task.rrule} due={task.due_date} />}</Fact>
      </Stack>
      {task.description && (
        <Text size="sm" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
          {task.description}
        </Text>
      )}
      <CardTabs
        tabs={[
          { key: 'notes', label: t('app:card.notes'), render: () => <Notes owner="task_id" id={task.id} /> },
          { key: 'history', label: t('app:card.history'), render: () => <History queryKey={['tasks', task.id]} load={(cursor) => client.audit.row({ entity: 'tasks', id: task.id, limit: 30, ...(cursor ? { cursor } : {}) })} /> },
        ]}
      />
    </Stack>
  );
}
