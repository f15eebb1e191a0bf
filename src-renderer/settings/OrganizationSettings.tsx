import { Text } from '@mantine/core';
import { TimePicker } from '@mantine/dates';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { LANGUAGES } from '../../src-shared/users/model.ts';
import { client } from '../app/client.ts';
import { queryClient } from '../app/query.ts';
import { useSession } from '../app/session.ts';
import { ifMatch } from '../kit/conditional.ts';
import type { Field, Values } from '../kit/definition.ts';
import { EntityForm } from '../kit/EntityForm.tsx';
import { ErrorState, Loading } from '../kit/States.tsx';
import { toastDone } from '../kit/toasts.tsx';
import { Panels } from '../kit/Panel.tsx';
import { TimeZoneSelect } from '../kit/TimeZoneSelect.tsx';

const time = (name: 'work_starts' | 'work_ends'): Field => ({ name, label: `organizations:fields.${name}`, kind: 'custom', required: true, custom: ({ values, set, error }) => <WorkTime name={name} value={String(values[name] ?? '')} onChange={(next) => set(name, next)} error={error} /> });

const FIELDS: Field[] = [
  { name: 'name', label: 'organizations:fields.name', kind: 'text', required: true },
  { name: 'language', label: 'organizations:fields.language', kind: 'select', options: LANGUAGES, labels: 'app:enums', required: true, hint: 'settings:organization.language_hint' },
  { name: 'time_zone', label: 'organizations:fields.time_zone', kind: 'custom', required: true, custom: ({ values, set, error }) => <TimeZone value={String(values['time_zone'] ?? '')} onChange={(next) => set('time_zone', next)} error={error} /> },
  time('work_starts'),
  time('work_ends'),
  { name: 'support_levels', label: 'organizations:fields.support_levels', kind: 'tags', hint: 'settings:organization.levels_hint' },
];

function TimeZone(props: { value: string; onChange: (next: string | null) => void; error: string | undefined }) {
  const { t } = useTranslation();
  return <TimeZoneSelect label={t('organizations:fields.time_zone')} required {...props} />;
}

function WorkTime({ name, value, onChange, error }: { name: string; value: string; onChange: (next: string) => void; error: string | undefined }) {
  const { t } = useTranslation();
  return <TimePicker label={t(`organizations:fields.${name}`)} value={value} onChange={onChange} error={error} withDropdown minutesStep={15} required hoursInputLabel={t('settings:organization.hours')} minutesInputLabel={t('settings:organization.minutes')} w={160} />;
}

/** The organisation in use: its name, the clock it lives by, and its levels of support. */
export function OrganizationSettings() {
  const { t } = useTranslation();
  const reload = useSession((session) => session.reload);
  const query = useQuery({ queryKey: [['organizations', 'current']], queryFn: () => client.organizations.current() });
  // Put back what was typed: the form starts anew from the stored values.
  const [round, setRound] = useState(0);
  if (query.isPending) return <Loading rows={8} />;
  if (query.isError) return <ErrorState error={query.error} retry={() => void query.refetch()} />;
  const organization = query.data;
  const save = async (values: Values): Promise<void> => {
    await client.organizations.update(values, ifMatch(organization.version));
    toastDone(t('settings:saved'));
    await reload();
    await queryClient.invalidateQueries();
  };
  return (
    <Panels title={t('settings:sections.organization')}>
      <Text size="sm" c="dimmed">
        {t('settings:organization.members', { count: organization.members })}
      </Text>
      <EntityForm
        key={`${organization.version}-${round}`}
        draftKey={`organization/${organization.id}`}
        fields={FIELDS}
        initial={organization as unknown as Values}
        creating={false}
        submitLabel={t('app:actions.save')}
        onCancel={() => setRound(round + 1)}
        onSubmit={save}
      />
    </Panels>
  );
}
