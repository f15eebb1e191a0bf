import { Button, Checkbox, Group, Modal, SegmentedControl, SimpleGrid, Stack, Table, Text, TextInput } from '@mantine/core';
import { DateInput } from '@mantine/dates';
import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { Permission } from '../../src-shared/kernel/permissions.ts';
import { client } from '../app/client.ts';
import { useSession } from '../app/session.ts';
import { Failure } from '../kit/Failure.tsx';
import { formatDate, localDate } from '../kit/formats.ts';
import { When } from '../kit/Shown.tsx';
import { ErrorState, Loading } from '../kit/States.tsx';
import { toastDone, toastError } from '../kit/toasts.tsx';
import { useSubmit } from '../kit/useSubmit.ts';
import { Panel } from '../kit/Panel.tsx';
import { SecretModal } from './Secret.tsx';

const DAY = 86_400_000;
const IMPLIED = new Set<Permission>(['public', 'self']);

/** Personal tokens for scripts; one never goes beyond its owner's role. */
export function Tokens() {
  const { t } = useTranslation();
  const query = useQuery({ queryKey: [['auth', 'tokens']], queryFn: () => client.auth.tokens() });
  const [creating, setCreating] = useState(false);
  const [made, setMade] = useState<string | null>(null);
  const revoke = async (id: string): Promise<void> => {
    try {
      await client.auth.revokeToken({ id });
      toastDone(t('settings:tokens.revoked'));
    } catch (error) {
      toastError(error);
    }
    await query.refetch();
  };
  return (
    <Panel
      title={t('settings:tokens.title')}
      hint={t('settings:tokens.hint')}
      action={
        <Button size="xs" variant="light" leftSection={<IconPlus size={15} />} onClick={() => setCreating(true)} style={{ flexShrink: 0 }}>
          {t('settings:tokens.create')}
        </Button>
      }
    >
      {query.isPending ? (
        <Loading rows={2} />
      ) : query.isError ? (
        <ErrorState error={query.error} retry={() => void query.refetch()} />
      ) : query.data.items.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t('settings:tokens.none')}
        </Text>
      ) : (
        <Table.ScrollContainer minWidth={560}>
          <Table verticalSpacing={6} aria-label={t('settings:tokens.title')}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('settings:tokens.name')}</Table.Th>
                <Table.Th>{t('settings:tokens.scope')}</Table.Th>
                <Table.Th>{t('settings:tokens.expires_at')}</Table.Th>
                <Table.Th>{t('settings:tokens.last_used')}</Table.Th>
                <Table.Th aria-label={t('settings:actions')} />
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {query.data.items.map((token) => (
                <Table.Tr key={token.id}>
                  <Table.Td>{token.name}</Table.Td>
                  <Table.Td>{token.scope ? token.scope.map((one) => t(`settings:permissions.${one}`)).join(', ') : t('settings:tokens.all')}</Table.Td>
                  <Table.Td>{token.expires_at ? formatDate(token.expires_at) : t('settings:tokens.never')}</Table.Td>
                  <Table.Td>{token.last_used_at ? <When value={token.last_used_at} /> : t('settings:tokens.not_used')}</Table.Td>
                  <Table.Td ta="right">
                    <Button size="compact-xs" variant="subtle" color="red" onClick={() => void revoke(token.id)} aria-label={`${t('settings:tokens.revoke')}: ${token.name}`}>
                      {t('settings:tokens.revoke')}
                    </Button>
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      {creating && (
        <NewToken
          onMade={(token) => {
            setCreating(false);
            setMade(token);
            void query.refetch();
          }}
          onClose={() => setCreating(false)}
        />
      )}
      {made && <SecretModal title={t('settings:tokens.made')} text={t('settings:tokens.made_text')} value={made} label={t('settings:tokens.token')} onClose={() => setMade(null)} />}
    </Panel>
  );
}

function NewToken({ onMade, onClose }: { onMade: (token: string) => void; onClose: () => void }) {
  const { t } = useTranslation();
  const permissions = (useSession((session) => session.me?.permissions) ?? []).filter((one) => !IMPLIED.has(one));
  const [name, setName] = useState('');
  const [kind, setKind] = useState('all');
  const [scope, setScope] = useState<Permission[]>([]);
  const [until, setUntil] = useState<string | null>(localDate(new Date(Date.now() + 90 * DAY)));
  const { form, busy, errors, failure, run, refuse, clear } = useSubmit();
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (refuse({ name: name.trim() ? null : t('app:form.required'), scope: kind === 'all' || scope.length > 0 ? null : t('settings:tokens.scope_empty') })) return;
    void run(async () => {
      const { token } = await client.auth.createToken({ name: name.trim(), scope: kind === 'all' ? null : scope, expires_at: until ? new Date(`${until}T23:59:59`).toISOString() : null });
      onMade(token);
    });
  };
  return (
    <Modal opened onClose={onClose} title={t('settings:tokens.create')} size="lg" closeOnClickOutside={false}>
      <form ref={form} onSubmit={submit} noValidate>
        <Stack gap="sm">
          <Failure text={failure} />
          <TextInput
            name="name"
            label={t('settings:tokens.name')}
            description={t('settings:tokens.name_hint')}
            value={name}
            onChange={(event) => {
              setName(event.currentTarget.value);
              clear('name');
            }}
            error={errors['name']}
            data-autofocus
          />
          <DateInput name="expires_at" label={t('settings:tokens.expires_at')} description={t('settings:tokens.expires_hint')} value={until} onChange={(next) => setUntil(next ? String(next).slice(0, 10) : null)} valueFormat="DD.MM.YYYY" minDate={localDate(new Date())} clearable error={errors['expires_at']} />
          <div>
            <Text size="sm" mb={4}>
              {t('settings:tokens.scope')}
            </Text>
            <SegmentedControl
              size="xs"
              aria-label={t('settings:tokens.scope')}
              data={[
                { value: 'all', label: t('settings:tokens.all') },
                { value: 'some', label: t('settings:tokens.some') },
              ]}
              value={kind}
              onChange={setKind}
            />
          </div>
          {kind === 'some' && (
            <Checkbox.Group
              aria-label={t('settings:tokens.scope')}
              value={scope}
              onChange={(next) => {
                setScope(permissions.filter((one) => next.includes(one)));
                clear('scope');
              }}
              error={errors['scope']}
            >
              <SimpleGrid cols={{ base: 1, xs: 2 }} spacing={6} verticalSpacing={6}>
                {permissions.map((one) => (
                  <Checkbox key={one} name="scope" size="sm" value={one} label={t(`settings:permissions.${one}`)} />
                ))}
              </SimpleGrid>
            </Checkbox.Group>
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('app:actions.cancel')}
            </Button>
            <Button type="submit" loading={busy}>
              {t('app:actions.create')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
