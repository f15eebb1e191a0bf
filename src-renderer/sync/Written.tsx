import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { client } from '../app/client.ts';
import { valueText } from '../kit/valueText.ts';

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

/** A value that somebody wrote, in quotes; a reference by the name of what it points at. */
export function Written({ entity, field, value }: { entity: string; field: string; value: unknown }) {
  const { t } = useTranslation();
  const load = typeof value === 'string' ? NAMES[field] : undefined;
  const name = useQuery({ queryKey: [['refs', field], value], queryFn: () => load?.(String(value)) ?? '', enabled: load !== undefined });
  return <>{t('app:quoted', { title: name.data || valueText(entity, field, value) })}</>;
}
