import { Button, Group, Table, Text } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';
import type { Branch } from '../../src-shared/branches/model.ts';
import { client } from '../app/client.ts';
import { queryClient } from '../app/query.ts';
import { ifMatch } from '../kit/conditional.ts';
import type { Field, Values } from '../kit/definition.ts';
import { EntityForm } from '../kit/EntityForm.tsx';
import { cardLink } from '../kit/links.ts';
import { EmptyState, ErrorState, Loading } from '../kit/States.tsx';
import { toastDone, toastError, toastUndo } from '../kit/toasts.tsx';
import { useRows } from '../kit/useRows.ts';
import { StackedTable } from '../kit/StackedTable.tsx';
import { Panels } from '../kit/Panel.tsx';
import { BackTo } from './BackTo.tsx';

const FIELDS: Field[] = [
  { name: 'name', label: 'branches:fields.name', kind: 'text', required: true },
  { name: 'director_id', label: 'branches:fields.director_id', kind: 'ref', to: 'users', hint: 'settings:branches.director_hint' },
  { name: 'address', label: 'branches:fields.address', kind: 'text' },
];
const LIST = '/settings/branches';

/** Parts of the organisation: the list, one of them, or a new one, as the address says. */
export function Branches({ path }: { path: string }) {
  if (path === 'new') return <NewBranch />;
  return path ? <BranchCard key={path} id={path} /> : <BranchList />;
}

function BranchList() {
  const { t } = useTranslation();
  const { query, rows } = useRows<Branch>('branches', (input) => client.branches.list(input), { sort: 'name' });
  const create = (
    <Button component={Link} to={`${LIST}/new`} leftSection={<IconPlus size={16} />}>
      {t('branches:new')}
    </Button>
  );
  return (
    <Panels title={t('branches:title')} wide action={rows.length > 0 && create}>
      {query.isPending ? (
        <Loading rows={4} />
      ) : query.isError ? (
        <ErrorState error={query.error} retry={() => void query.refetch()} />
      ) : rows.length === 0 ? (
        <EmptyState title={t('branches:empty.title')} hint={t('branches:empty.hint')} action={create} />
      ) : (
        <StackedTable highlightOnHover aria-label={t('branches:title')}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('branches:fields.name')}</Table.Th>
              <Table.Th>{t('branches:fields.director_id')}</Table.Th>
              <Table.Th>{t('branches:fields.address')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map((branch) => (
              <Table.Tr key={branch.id}>
                <Table.Td>
                  <Text component={Link} to={cardLink('branches', branch)} size="sm" fw={550} c="inherit">
                    {branch.name}
                  </Text>
                </Table.Td>
                <Table.Td>{branch.director_name}</Table.Td>
                <Table.Td>{branch.address}</Table.Td>
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
    </Panels>
  );
}

function NewBranch() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const create = async (values: Values): Promise<void> => {
    const made = await client.branches.create(values as { name: string });
    toastDone(t('app:form.created', { title: made.name }));
    await queryClient.invalidateQueries();
    await navigate(LIST);
  };
  return (
    <Panels title={t('branches:new')} action={<BackTo to={LIST}>{t('branches:title')}</BackTo>}>
      <EntityForm draftKey="branches/new" fields={FIELDS} initial={{}} creating submitLabel={t('app:actions.create')} onCancel={() => void navigate(LIST)} onSubmit={create} />
    </Panels>
  );
}

function BranchCard({ id }: { id: string }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const query = useQuery({ queryKey: [['branches', 'get'], id], queryFn: () => client.branches.get({ id }) });
  const back = <BackTo to={LIST}>{t('branches:title')}</BackTo>;
  if (query.isPending) return <Loading rows={5} />;
  if (query.isError)
    return (
      <Panels title={t('app:card.not_found')} action={back}>
        <ErrorState error={query.error} retry={() => void query.refetch()} />
      </Panels>
    );
  const branch = query.data;
  const save = async (values: Values): Promise<void> => {
    await client.branches.update({ id: branch.id, ...values }, ifMatch(branch.version));
    toastDone(t('settings:saved'));
    await queryClient.invalidateQueries();
  };
  const remove = async (): Promise<void> => {
    try {
      const { change_id } = await client.branches.delete({ id: branch.id });
      toastUndo(t('app:undo.deleted', { title: branch.name }), change_id);
      await navigate(LIST);
      await queryClient.invalidateQueries();
    } catch (error) {
      toastError(error);
    }
  };
  return (
    <Panels title={branch.name} action={back}>
      <EntityForm key={branch.version} draftKey={`branches/${branch.id}`} fields={FIELDS} initial={branch as unknown as Values} creating={false} submitLabel={t('app:actions.save')} onCancel={() => void navigate(LIST)} onSubmit={save} />
      <Group px="md">
        <Button variant="subtle" color="red" size="compact-sm" onClick={() => void remove()}>
          {t('app:actions.delete')}
        </Button>
      </Group>
    </Panels>
  );
}
