import { Group, SegmentedControl, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { LANGUAGES, USER_THEMES } from '../../src-shared/users/model.ts';
import { client } from '../app/client.ts';
import { setLanguage } from '../app/i18n.ts';
import { queryClient } from '../app/query.ts';
import { useMay, useSession } from '../app/session.ts';
import type { Field, Values } from '../kit/definition.ts';
import { EntityForm } from '../kit/EntityForm.tsx';
import { Fact } from '../kit/Shown.tsx';
import { ErrorState, Loading } from '../kit/States.tsx';
import { toastDone, toastError } from '../kit/toasts.tsx';
import { Panel, Panels } from '../kit/Panel.tsx';

const FIELDS: Field[] = [
  { name: 'full_name', label: 'users:fields.full_name', kind: 'text', required: true },
  { name: 'phone', label: 'users:fields.phone', kind: 'text' },
];

/** Oneself: name, phone, language and theme. Language and theme show at once and go with the person, not with the machine. */
export function Profile() {
  const { t, i18n } = useTranslation();
  const { me, reload } = useSession();
  const mayRead = useMay('users.read');
  const id = me?.user.id ?? '';
  const query = useQuery({ queryKey: [['users', 'get'], id], queryFn: () => client.users.get({ id }), enabled: mayRead && id !== '' });
  if (!me) return null;

  const changeLanguage = async (language: 'ru' | 'en'): Promise<void> => {
    const before = i18n.language === 'en' ? 'en' : 'ru';
    setLanguage(language);
    try {
      await client.users.update({ id, language });
      await reload();
      await queryClient.invalidateQueries();
    } catch (error) {
      setLanguage(before);
      toastError(error);
    }
  };
  const changeTheme = async (theme: (typeof USER_THEMES)[number]): Promise<void> => {
    const before = me;
    useSession.setState({ me: { ...me, user: { ...me.user, theme } } });
    try {
      await client.users.setTheme({ id, theme });
    } catch (error) {
      useSession.setState({ me: before });
      toastError(error);
    }
  };
  const save = async (values: Values): Promise<void> => {
    await client.users.update({ id, ...values });
    toastDone(t('settings:saved'));
    await Promise.all([reload(), queryClient.invalidateQueries({ queryKey: [['users', 'get'], id] })]);
  };

  return (
    <Panels title={t('settings:sections.profile')}>
      <div>
        <Fact label={t('users:fields.email')}>{me.user.email}</Fact>
        <Fact label={t('users:fields.role')}>{t(`users:enums.${me.user.role}`)}</Fact>
        <Fact label={t('settings:organization_label')}>{me.organization.name}</Fact>
      </div>
      <Panel title={t('settings:profile.person')}>
        {mayRead && query.isPending ? (
          <Loading rows={3} />
        ) : query.isError ? (
          <ErrorState error={query.error} retry={() => void query.refetch()} />
        ) : (
          <EntityForm key={query.data?.version ?? id} draftKey={`profile/${id}`} fields={mayRead ? FIELDS : FIELDS.slice(0, 1)} initial={{ full_name: me.user.full_name, phone: query.data?.phone ?? null }} creating={false} submitLabel={t('app:actions.save')} onCancel={() => void query.refetch()} onSubmit={save} />
        )}
      </Panel>
      <Panel title={t('settings:profile.look')} hint={t('settings:profile.look_hint')}>
        <Group gap="xl">
          <div>
            <Text size="sm" mb={4}>
              {t('users:fields.language')}
            </Text>
            <SegmentedControl size="sm" aria-label={t('users:fields.language')} data={LANGUAGES.map((value) => ({ value, label: t(`users:enums.${value}`) }))} value={i18n.language} onChange={(next) => void changeLanguage(next === 'en' ? 'en' : 'ru')} />
          </div>
          <div>
            <Text size="sm" mb={4}>
              {t('users:fields.theme')}
            </Text>
            <SegmentedControl size="sm" aria-label={t('users:fields.theme')} data={USER_THEMES.map((value) => ({ value, label: t(`users:enums.${value}`) }))} value={me.user.theme ?? 'system'} onChange={(next) => void changeTheme(USER_THEMES.find((one) => one === next) ?? 'system')} />
          </div>
        </Group>
      </Panel>
    </Panels>
  );
}
