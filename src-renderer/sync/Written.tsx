import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { differences } from '../../src-shared/sync/text-merge.ts';
import { client } from '../app/client.ts';
import { isEmpty } from '../kit/saving.ts';
import { quoted, valueText } from '../kit/valueText.ts';
import classes from './Written.module.css';

/** Columns that hold a reference, with the way to the name of what they point at. */
const NAMES: Record<string, (id: string) => Promise<string>> = {
  assigned_to: async (id) => (await client.users.get({ id })).full_name,
  responsible_id: async (id) => (await client.users.get({ id })).full_name,
  client_id: async (id) => (await client.clients.get({ id })).name,
  company_id: async (id) => (await client.companies.get({ id })).name,
  contact_id: async (id) => (await client.contacts.get({ id })).full_name,
  asset_id: async (id) => (await client.assets.get({ id })).name,
  contract_id: async (id) => (await client.contracts.get({ id })).title,
  ticket_id: async (id) => (await client.tickets.get({ id })).subject,
  branch_id: async (id) => (await client.branches.get({ id })).name,
};
/** Shorter texts are taken in at a glance. */
const COMPARED = 30;

interface Props {
  entity: string;
  field: string;
  value: unknown;
  /** Another text of the same field: the words that differ from it are marked. */
  beside?: unknown;
}

/** A value that somebody wrote, whole and in quotes; a reference by the name of what it points at. */
export function Written({ entity, field, value, beside }: Props) {
  const { t } = useTranslation();
  const load = typeof value === 'string' ? NAMES[field] : undefined;
  const name = useQuery({ queryKey: [['refs', field], value], queryFn: () => load?.(String(value)) ?? '', enabled: load !== undefined });
  const [open, close] = t('app:quoted', { title: '\n' }).split('\n');
  if (isEmpty(value)) return <i>{t('sync:conflict.nothing')}</i>;
  if (!load && typeof value === 'string' && typeof beside === 'string' && value.length > COMPARED)
    return (
      <Text span inherit style={{ whiteSpace: 'pre-wrap' }}>
        {open}
        {differences(value, beside).map((part, index) =>
          part.differs ? (
            <mark key={index} className={classes['differs']}>
              {part.text}
            </mark>
          ) : (
            part.text
          ),
        )}
        {close}
      </Text>
    );
  return (
    <Text span inherit style={{ whiteSpace: 'pre-wrap' }}>
      {quoted(name.data || valueText(entity, field, value, Number.POSITIVE_INFINITY))}
    </Text>
  );
}
