import { Badge, Stack } from '@mantine/core';
import i18next from 'i18next';
import { contractInput, SUPPORT_LEVELS, type Contract } from '../../src-shared/contracts/model.ts';
import { client } from '../app/client.ts';
import { ifMatch } from '../kit/conditional.ts';
import type { EntityPageDefinition } from '../kit/definition.ts';
import { formatDate, formatMoney, localDate } from '../kit/formats.ts';
import { History } from '../kit/History.tsx';
import { CardTabs } from '../kit/Sections.tsx';
import { Due, Fact, RefLink } from '../kit/Shown.tsx';
import { SupportLevel } from './SupportLevel.tsx';
import { Sessions } from '../remote-access/index.ts';

const text = (name: string): string => `contracts:fields.${name}`;
const SOON_DAYS = 30;
const inDays = (days: number): string => localDate(new Date(Date.now() + days * 86_400_000));
const level = (value: string | null): string => (value ? i18next.t(`contracts:enums.${value}`, { defaultValue: value }) : '');

/** Where a contract stands today. */
export function contractState(contract: Pick<Contract, 'start_date' | 'end_date'>): 'future' | 'active' | 'soon' | 'over' {
  const today = localDate(new Date());
  if (contract.start_date > today) return 'future';
  if (contract.end_date && contract.end_date < today) return 'over';
  return contract.end_date && contract.end_date <= inDays(SOON_DAYS) ? 'soon' : 'active';
}

const COLORS = { future: 'blue', active: 'teal', soon: 'orange', over: 'gray' } as const;

export function ContractState({ contract }: { contract: Contract }) {
  const state = contractState(contract);
  return (
    <Badge variant="dot" color={COLORS[state]} radius="sm" tt="none" fw={500}>
      {i18next.t(`contracts:state.${state}`)}
    </Badge>
  );
}

export const contractsDefinition: EntityPageDefinition<Contract> = {
  feature: 'contracts',
  messages: 'contracts',
  list: (input) => client.contracts.list(input),
  get: (id) => client.contracts.get({ id }),
  create: (values) => client.contracts.create(values as Parameters<typeof client.contracts.create>[0]),
  update: (id, values, version) => client.contracts.update({ ...values, id }, ifMatch(version)),
  remove: (id) => client.contracts.delete({ id }),
  title: (contract) => contract.title,
  defaultSort: 'end_date',
  columns: [
    { key: 'title', header: text('title'), sort: 'title', render: (contract) => contract.title },
    { key: 'number', header: text('number'), width: 140, render: (contract) => contract.number },
    { key: 'client', header: text('client_id'), width: 200, render: (contract) => contract.client_name },
    { key: 'state', header: 'tickets:fields.status', width: 160, render: (contract) => <ContractState contract={contract} /> },
    { key: 'level', header: text('support_level'), width: 150, render: (contract) => level(contract.support_level) },
    { key: 'start', header: text('start_date'), width: 130, sort: 'start_date', render: (contract) => formatDate(contract.start_date) },
    { key: 'end', header: text('end_date'), width: 150, sort: 'end_date', render: (contract) => formatDate(contract.end_date) },
    { key: 'amount', header: text('amount'), width: 140, render: (contract) => formatMoney(contract.amount) },
  ],
  compact: (contract) => ({ title: contract.title, line: [contract.client_name, contract.number, formatDate(contract.end_date)].filter(Boolean).join(' · '), badge: <ContractState contract={contract} /> }),
  filters: [
    { name: 'client_id', label: text('client_id'), kind: 'ref', to: 'clients' },
    { name: 'support_level', label: text('support_level'), kind: 'select', options: SUPPORT_LEVELS, labels: 'contracts:enums' },
    { name: 'expiring_before', label: 'contracts:expiring_before', kind: 'date' },
    { name: 'active_on', label: 'contracts:active_on', kind: 'date' },
  ],
  presets: [{ label: 'contracts:expiring', values: { expiring_before: inDays(SOON_DAYS) } }],
  schema: contractInput,
  fields: [
    { name: 'client_id', label: text('client_id'), kind: 'ref', to: 'clients', required: true },
    { name: 'title', label: text('title'), kind: 'text', required: true },
    { name: 'number', label: text('number'), kind: 'text' },
    { name: 'start_date', label: text('start_date'), kind: 'date', required: true },
    { name: 'end_date', label: text('end_date'), kind: 'date', check: ({ start_date, end_date }) => (String(end_date) < String(start_date ?? '') ? 'kernel:errors.end_before_start' : null) },
    { name: 'support_level', label: text('support_level'), kind: 'custom', custom: ({ values, set, error }) => <SupportLevel value={(values['support_level'] as string | null) ?? null} onChange={(next) => set('support_level', next)} error={error} /> },
    { name: 'amount', label: text('amount'), kind: 'money' },
    { name: 'auto_renew', label: text('auto_renew'), kind: 'checkbox' },
    { name: 'comment', label: text('comment'), kind: 'textarea' },
  ],
  initial: () => ({ start_date: localDate(new Date()) }),
  card: ({ row }) => (
    <CardTabs
      tabs={[
        {
          key: 'facts',
          label: i18next.t('app:card.facts'),
          render: () => (
            <Stack gap={6}>
              <ContractState contract={row} />
              <Fact field="client_id" label={i18next.t(text('client_id'))}>
                <RefLink to="clients" id={row.client_id}>
                  {row.client_name}
                </RefLink>
              </Fact>
              <Fact field="number" label={i18next.t(text('number'))}>{row.number}</Fact>
              <Fact field="start_date" label={i18next.t(text('start_date'))}>{formatDate(row.start_date)}</Fact>
              <Fact field="end_date" label={i18next.t(text('end_date'))}>
                {row.end_date && (
                  <>
                    {formatDate(row.end_date)} <Due value={row.end_date} />
                  </>
                )}
              </Fact>
              <Fact field="support_level" label={i18next.t(text('support_level'))}>{level(row.support_level)}</Fact>
              <Fact field="amount" label={i18next.t(text('amount'))}>{formatMoney(row.amount)}</Fact>
              <Fact field="auto_renew" label={i18next.t(text('auto_renew'))}>{row.auto_renew && i18next.t('app:yes')}</Fact>
              <Fact field="comment" label={i18next.t(text('comment'))}>{row.comment}</Fact>
            </Stack>
          ),
        },
        { key: 'remote', label: i18next.t('remote-access:title'), render: () => <Sessions filter={{ contract_id: row.id }} /> },
        { key: 'history', label: i18next.t('app:card.history'), render: () => <History queryKey={['contracts', row.id]} load={(cursor) => client.audit.row({ entity: 'contracts', id: row.id, limit: 30, ...(cursor ? { cursor } : {}) })} /> },
      ]}
    />
  ),
};
