import { Alert, Button, Group, SegmentedControl, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { passwordWeakness } from '../../src-shared/auth/rules.ts';
import { ROLES } from '../../src-shared/kernel/permissions.ts';
import { client } from '../app/client.ts';
import { queryClient } from '../app/query.ts';
import { useMay, useSession } from '../app/session.ts';
import { PasswordField } from '../auth/index.ts';
import { ifMatch } from '../kit/conditional.ts';
import type { Field, Values } from '../kit/definition.ts';
import { EntityForm } from '../kit/EntityForm.tsx';
import { fieldErrors, refusalOf } from '../kit/errors.ts';
import { History } from '../kit/History.tsx';
import { cardLink } from '../kit/links.ts';
import { Fact, Phone, When } from '../kit/Shown.tsx';
import { ErrorState, Loading } from '../kit/States.tsx';
import { toastDone } from '../kit/toasts.tsx';
import { Panel, Panels } from '../kit/Panel.tsx';
import { DisableTwoFactor } from './PasswordPrompt.tsx';
import { invitationLink, SecretModal } from './Secret.tsx';
import { BackTo } from './BackTo.tsx';

const fieldsFor = (owner: boolean, own: boolean): Field[] => [
  { name: 'full_name', label: 'users:fields.full_name', kind: 'text', required: true },
  { name: 'email', label: 'users:fields.email', kind: 'email', required: true },
  { name: 'phone', label: 'users:fields.phone', kind: 'text' },
  { name: 'role', label: 'users:fields.role', kind: 'select', options: owner ? ROLES : ROLES.filter((role) => role !== 'owner'), labels: 'users:enums', required: true, hint: 'settings:users.role_hint', hidden: () => own },
  { name: 'branch_id', label: 'users:fields.branch_id', kind: 'ref', to: 'branches' },
  { name: 'active', label: 'settings:users.may_sign_in', kind: 'checkbox', hidden: (_values, creating) => creating || own },
];

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** A new colleague: with a password at once, or with a link by which they choose one. A password never goes into a draft. */
export function NewUser() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const isOwner = useSession((session) => session.me?.user.role) === 'owner';
  const [way, setWay] = useState<'invitation' | 'password'>('invitation');
  const [password, setPassword] = useState('');
  const [fault, setFault] = useState<string | undefined>(undefined);
  const [invited, setInvited] = useState<{ link: string; card: string } | null>(null);

  const create = async (values: Values): Promise<void> => {
    const person = { full_name: text(values['full_name']), email: text(values['email']) };
    const weakness = way === 'password' ? passwordWeakness(password, person) : null;
    if (weakness) {
      setFault(t(`auth:errors.${weakness}`));
      throw new Error(t(`auth:errors.${weakness}`));
    }
    try {
      const made = await client.users.create({ ...(values as { full_name: string; email: string; role: 'engineer' }), ...(way === 'password' ? { password } : {}) });
      await queryClient.invalidateQueries();
      const card = cardLink('users', made);
      if (made.invitation_token) return setInvited({ link: await invitationLink(made.invitation_token), card });
      toastDone(t('app:form.created', { title: made.full_name }));
      await navigate(card);
    } catch (error) {
      setFault(fieldErrors(refusalOf(error))['password']);
      throw error;
    }
  };

  return (
    <Panels title={t('users:new')} action={<BackTo to="/settings/users">{t('users:title')}</BackTo>}>
      <EntityForm
        draftKey="users/new"
        fields={fieldsFor(isOwner, false)}
        initial={{ role: 'engineer' }}
        creating
        submitLabel={t(way === 'invitation' ? 'settings:users.invite' : 'app:actions.create')}
        onCancel={() => void navigate('/settings/users')}
        onSubmit={create}
        aside={(values) => (
          <Stack gap="xs">
            <Text size="sm">{t('settings:users.way')}</Text>
            <SegmentedControl
              aria-label={t('settings:users.way')}
              data={[
                { value: 'invitation', label: t('settings:users.by_invitation') },
                { value: 'password', label: t('settings:users.by_password') },
              ]}
              value={way}
              onChange={(next) => setWay(next === 'password' ? 'password' : 'invitation')}
            />
            {way === 'password' ? (
              <PasswordField
                name="password"
                label={t('auth:fields.password')}
                value={password}
                onChange={(next) => {
                  setPassword(next);
                  setFault(undefined);
                }}
                error={fault}
                person={{ full_name: text(values['full_name']), email: text(values['email']) }}
              />
            ) : (
              <Text size="sm" c="dimmed">
                {t('settings:users.invitation_hint')}
              </Text>
            )}
          </Stack>
        )}
      />
      {invited && <SecretModal title={t('settings:users.invited')} text={t('settings:users.invited_text')} value={invited.link} label={t('settings:users.link')} onClose={() => void navigate(invited.card)} />}
    </Panels>
  );
}

/** One colleague; who manages users edits here, everybody else reads. */
export function UserCard({ id }: { id: string }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const mayManage = useMay('users.manage');
  const mayAudit = useMay('audit.read');
  const me = useSession((session) => session.me?.user);
  const reload = useSession((session) => session.reload);
  const [disabling, setDisabling] = useState(false);
  const query = useQuery({ queryKey: [['users', 'get'], id], queryFn: () => client.users.get({ id }) });
  const back = <BackTo to="/settings/users">{t('users:title')}</BackTo>;
  if (query.isPending) return <Loading rows={8} />;
  if (query.isError)
    return (
      <Panels title={t('app:card.not_found')} action={back}>
        <ErrorState error={query.error} retry={() => void query.refetch()} />
      </Panels>
    );
  const user = query.data;
  const own = user.id === me?.id;
  const mayEdit = mayManage && (user.role !== 'owner' || me?.role === 'owner');
  const save = async (values: Values): Promise<void> => {
    await client.users.update({ id: user.id, ...values }, ifMatch(user.version));
    toastDone(t('settings:saved'));
    if (own) await reload();
    await queryClient.invalidateQueries();
  };
  return (
    <Panels title={user.full_name} action={back}>
      {mayEdit ? (
        <>
          {own && (
            <Alert variant="light" p="xs">
              {t('settings:users.own_hint')}
            </Alert>
          )}
          <EntityForm key={user.version} draftKey={`users/${user.id}`} fields={fieldsFor(me?.role === 'owner', own)} initial={user as unknown as Values} creating={false} submitLabel={t('app:actions.save')} onCancel={() => void navigate('/settings/users')} onSubmit={save} />
        </>
      ) : (
        <Stack gap={6}>
          <Fact label={t('users:fields.email')}>{user.email}</Fact>
          <Fact label={t('users:fields.phone')}>{user.phone && <Phone value={user.phone} />}</Fact>
          <Fact label={t('users:fields.role')}>{t(`users:enums.${user.role}`)}</Fact>
          <Fact label={t('users:fields.branch_id')}>{user.branch_name}</Fact>
          <Fact label={t('settings:users.state')}>{t(user.active ? 'settings:users.active' : 'settings:users.inactive')}</Fact>
          <Fact label={t('users:fields.created_at')}>
            <When value={user.created_at} />
          </Fact>
        </Stack>
      )}
      {mayEdit && !own && user.two_factor && (
        <Panel title={t('settings:two_factor.title')} hint={t('settings:users.two_factor_hint')}>
          <Group>
            <Button variant="light" color="red" onClick={() => setDisabling(true)}>
              {t('settings:two_factor.disable')}
            </Button>
          </Group>
        </Panel>
      )}
      {mayAudit && (
        <Panel title={t('app:card.history')}>
          <History queryKey={['users', user.id]} load={(cursor) => client.audit.row({ entity: 'users', id: user.id, limit: 30, ...(cursor ? { cursor } : {}) })} />
        </Panel>
      )}
      {disabling && <DisableTwoFactor userId={user.id} name={user.full_name} onDone={() => void query.refetch()} onClose={() => setDisabling(false)} />}
    </Panels>
  );
}
