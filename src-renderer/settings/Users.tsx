import { Badge, Button, Checkbox, Group, Table, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconPlus, IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import type { User } from '../../src-shared/users/model.ts';
import { client } from '../app/client.ts';
import { useMay } from '../app/session.ts';
import { cardLink } from '../kit/links.ts';
import { Phone } from '../kit/Shown.tsx';
import { EmptyState, ErrorState, Loading } from '../kit/States.tsx';
import { useRows } from '../kit/useRows.ts';
import { StackedTable } from '../kit/StackedTable.tsx';
import { Invitations } from './Invitations.tsx';
import { Panels } from '../kit/Panel.tsx';
import { NewUser, UserCard } from './UserCard.tsx';

/** Colleagues: the list, one of them, or a new one, as the address says. */
export function Users({ path }: { path: string }) {
  const mayManage = useMay('users.manage');
  if (path === 'new' && mayManage) return <NewUser />;
  return path && path !== 'new' ? <UserCard key={path} id={path} /> : <UserList />;
}

function UserList() {
  const { t } = useTranslation();
  const mayManage = useMay('users.manage');
  const [params, setParams] = useSearchParams();
  const [words, setWords] = useState(params.get('q') ?? '');
  const [asked] = useDebouncedValue(words.trim(), 200);
  const all = params.get('all') === '1';
  const { query, rows } = useRows<User>('users', (input) => client.users.list(input), { sort: 'full_name', ...(asked ? { q: asked } : {}), ...(all ? {} : { active: true }) });
  return (
    <Panels
      title={t('users:title')}
      wide
      action={
        mayManage && (
          <Button component={Link} to="/settings/users/new" size="sm" leftSection={<IconPlus size={16} />}>
            {t('users:new')}
          </Button>
        )
      }
    >
      <Group>
        <TextInput aria-label={t('app:list.find')} placeholder={t('app:list.find')} leftSection={<IconSearch size={15} aria-hidden />} value={words} onChange={(event) => setWords(event.currentTarget.value)} />
        <Checkbox label={t('settings:users.show_inactive')} checked={all} onChange={(event) => setParams(event.currentTarget.checked ? { all: '1' } : {}, { replace: true })} />
      </Group>
      {query.isPending ? (
        <Loading rows={6} />
      ) : query.isError ? (
        <ErrorState error={query.error} retry={() => void query.refetch()} />
      ) : rows.length === 0 ? (
        <EmptyState title={t('app:list.nothing_found')} hint={t('app:list.nothing_found_hint')} />
      ) : (
        <StackedTable highlightOnHover aria-label={t('users:title')}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('users:fields.full_name')}</Table.Th>
              <Table.Th>{t('users:fields.role')}</Table.Th>
              <Table.Th>{t('users:fields.branch_id')}</Table.Th>
              <Table.Th>{t('users:fields.phone')}</Table.Th>
              <Table.Th>{t('settings:users.state')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map((user) => (
              <Table.Tr key={user.id}>
                <Table.Td>
                  <Text component={Link} to={cardLink('users', user)} size="sm" fw={550} c="inherit">
                    {user.full_name}
                  </Text>
                  <Text size="xs" c="dimmed">
                    {user.email}
                  </Text>
                </Table.Td>
                <Table.Td>{t(`users:enums.${user.role}`)}</Table.Td>
                <Table.Td>{user.branch_name}</Table.Td>
                <Table.Td>
                  <Phone value={user.phone} />
                </Table.Td>
                <Table.Td>
                  <Group gap={4}>
                    <Badge variant="dot" color={user.active ? 'teal' : 'gray'} tt="none" radius="sm">
                      {t(user.active ? 'settings:users.active' : 'settings:users.inactive')}
                    </Badge>
                    {user.two_factor && (
                      <Badge variant="light" tt="none" radius="sm">
                        {t('settings:users.two_factor')}
                      </Badge>
                    )}
                  </Group>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </StackedTable>
      )}
      {query.hasNextPage && (
        <Group>
          <Button size="xs" variant="subtle" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            {t('app:list.more')}
          </Button>
        </Group>
      )}
      {mayManage && <Invitations />}
    </Panels>
  );
}
