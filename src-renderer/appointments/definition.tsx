import { Stack } from '@mantine/core';
import { IconCheck, IconX } from '@tabler/icons-react';
import i18next from 'i18next';
import { appointmentInput, APPOINTMENT_STATUSES, type Appointment, type AppointmentStatus } from '../../src-shared/appointments/model.ts';
import { PINS, PRIORITIES as VISIT_PRIORITIES } from '../../src-shared/schedule/model.ts';
import { client } from '../app/client.ts';
import { Attachments, Counted } from '../attachments/index.ts';
import { queryClient } from '../app/query.ts';
import { ifMatch } from '../kit/conditional.ts';
import type { EntityPageDefinition } from '../kit/definition.ts';
import { formatMinutes, formatMoment } from '../kit/formats.ts';
import { History } from '../kit/History.tsx';
import { PartsInput } from '../kit/PartsInput.tsx';
import { CardTabs } from '../kit/Sections.tsx';
import { Fact, RefLink, Status } from '../kit/Shown.tsx';
import { Slots, VisitWindows } from './planning.tsx';

const text = (name: string): string => `appointments:fields.${name}`;

async function setStatus(appointment: Appointment, status: AppointmentStatus): Promise<void> {
  await client.appointments.update({ id: appointment.id, status }, ifMatch(appointment.version));
  await queryClient.invalidateQueries();
}

/** The next whole half hour, as a start that is likely meant. */
function nextHalfHour(): string {
  const half = 30 * 60_000;
  return new Date(Math.ceil(Date.now() / half) * half).toISOString();
}

export const appointmentsDefinition: EntityPageDefinition<Appointment> = {
  feature: 'appointments',
  messages: 'appointments',
  list: (input) => client.appointments.list(input),
  get: (id) => client.appointments.get({ id }),
  create: (values) => client.appointments.create(values as Parameters<typeof client.appointments.create>[0]),
  update: (id, values, version) => client.appointments.update({ ...values, id }, ifMatch(version)),
  remove: (id) => client.appointments.delete({ id }),
  title: (appointment) => appointment.title,
  defaultSort: '-starts_at',
  columns: [
    { key: 'title', header: text('title'), render: (one) => one.title },
    { key: 'starts', header: text('starts_at'), width: 190, sort: 'starts_at', render: (one) => formatMoment(one.starts_at) },
    { key: 'duration', header: text('duration_minutes'), width: 130, render: (one) => formatMinutes(one.duration_minutes) },
    { key: 'status', header: text('status'), width: 150, render: (one) => <Status of="appointments" value={one.status} /> },
    { key: 'client', header: text('client_id'), width: 200, render: (one) => one.client_name },
    { key: 'assigned', header: text('assigned_to'), width: 160, render: (one) => one.assigned_to_name },
    { key: 'address', header: text('address'), width: 220, render: (one) => one.address },
  ],
  compact: (one) => ({ title: one.title, line: [formatMoment(one.starts_at), one.client_name, one.assigned_to_name].filter(Boolean).join(' · '), badge: <Status of="appointments" value={one.status} /> }),
  filters: [
    { name: 'status', label: text('status'), kind: 'select', multiple: true, options: APPOINTMENT_STATUSES, labels: 'appointments:enums' },
    { name: 'assigned_to', label: text('assigned_to'), kind: 'ref', to: 'users' },
    { name: 'client_id', label: text('client_id'), kind: 'ref', to: 'clients' },
    { name: 'from', label: 'appointments:from', kind: 'date' },
    { name: 'to', label: 'appointments:to', kind: 'date' },
  ],
  schema: appointmentInput,
  fields: [
    { name: 'client_id', label: text('client_id'), kind: 'ref', to: 'clients', required: true },
    { name: 'title', label: text('title'), kind: 'text', required: true },
    { name: 'starts_at', label: text('starts_at'), kind: 'datetime', required: true },
    { name: 'duration_minutes', label: text('duration_minutes'), kind: 'number', required: true },
    { name: 'status', label: text('status'), kind: 'select', options: APPOINTMENT_STATUSES, labels: 'appointments:enums', required: true },
    { name: 'assigned_to', label: text('assigned_to'), kind: 'ref', to: 'users' },
    { name: 'ticket_id', label: text('ticket_id'), kind: 'ref', to: 'tickets', within: (values) => (values['client_id'] ? { client_id: values['client_id'] } : {}) },
    { name: 'address', label: text('address'), kind: 'text' },
    { name: 'slots', label: 'schedule:slots.ask', kind: 'custom', custom: (form) => <Slots values={form.values} set={form.set} /> },
    { name: 'priority', label: text('priority'), kind: 'select', options: VISIT_PRIORITIES, labels: 'appointments:enums' },
    { name: 'windows', label: text('windows'), kind: 'custom', custom: (form) => <VisitWindows value={form.values['windows']} set={(value) => form.set('windows', value)} error={form.error} /> },
    { name: 'deadline_at', label: text('deadline_at'), kind: 'datetime' },
    { name: 'skills', label: text('skills'), kind: 'tags' },
    { name: 'parts', label: text('parts'), kind: 'custom', custom: (form) => <PartsInput label={i18next.t(text('parts'))} value={form.values['parts']} set={(value) => form.set('parts', value)} error={form.error} /> },
    { name: 'required_engineer', label: text('required_engineer'), kind: 'ref', to: 'users' },
    { name: 'preferred_engineer', label: text('preferred_engineer'), kind: 'ref', to: 'users' },
    { name: 'crew_with', label: text('crew_with'), kind: 'ref', to: 'appointments' },
    { name: 'follows', label: text('follows'), kind: 'ref', to: 'appointments' },
    { name: 'pinned', label: text('pinned'), kind: 'select', options: PINS, labels: 'appointments:enums' },
    { name: 'optional', label: text('optional'), kind: 'checkbox' },
    { name: 'comment', label: text('comment'), kind: 'textarea' },
  ],
  initial: (from) => ({ starts_at: from.get('starts_at') ?? nextHalfHour(), duration_minutes: Number(from.get('minutes') ?? 60), status: 'scheduled' }),
  actions: () => [
    { key: 'complete', label: 'appointments:complete', icon: <IconCheck size={15} />, shown: (row) => row.status === 'scheduled', run: (row) => setStatus(row, 'completed') },
    { key: 'cancel', label: 'appointments:cancel', icon: <IconX size={15} />, shown: (row) => row.status === 'scheduled', run: (row) => setStatus(row, 'cancelled') },
  ],
  card: ({ row }) => (
    <Counted entity="appointments" id={row.id}>
      {(files) => (
        <CardTabs
          tabs={[
            {
              key: 'facts',
              label: i18next.t('app:card.facts'),
              render: () => (
                <Stack gap={6}>
                  <Status of="appointments" value={row.status} />
                  <Fact field="starts_at" label={i18next.t(text('starts_at'))}>{formatMoment(row.starts_at)}</Fact>
                  <Fact field="ends_at" label={i18next.t(text('ends_at'))}>
                    {formatMoment(row.ends_at)} ({formatMinutes(row.duration_minutes)})
                  </Fact>
                  <Fact field="client_id" label={i18next.t(text('client_id'))}>
                    <RefLink to="clients" id={row.client_id}>
                      {row.client_name}
                    </RefLink>
                  </Fact>
                  <Fact field="assigned_to" label={i18next.t(text('assigned_to'))}>{row.assigned_to_name}</Fact>
                  <Fact field="ticket_id" label={i18next.t(text('ticket_id'))}>{row.ticket_id && <RefLink to="tickets" id={row.ticket_id}>{row.ticket_name}</RefLink>}</Fact>
                  <Fact field="address" label={i18next.t(text('address'))}>{row.address}</Fact>
                  <Fact field="comment" label={i18next.t(text('comment'))}>{row.comment}</Fact>
                </Stack>
              ),
            },
            { key: 'files', label: i18next.t('attachments:title'), count: files, render: () => <Attachments entity="appointments" id={row.id} /> },
            { key: 'history', label: i18next.t('app:card.history'), render: () => <History queryKey={['appointments', row.id]} load={(cursor) => client.audit.row({ entity: 'appointments', id: row.id, limit: 30, ...(cursor ? { cursor } : {}) })} /> },
          ]}
        />
      )}
    </Counted>
  ),
};
