import { Badge, Group, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import type { Company } from '../../src-shared/companies/model.ts';
import { client } from '../app/client.ts';
import { formatPhone } from '../kit/formats.ts';
import { History } from '../kit/History.tsx';
import { cardLink } from '../kit/links.ts';
import { Notes } from '../kit/Notes.tsx';
import { CardTabs, LineLink } from '../kit/Sections.tsx';
import { Email, Fact, Phone } from '../kit/Shown.tsx';
import { Merge } from './Merge.tsx';

/** A company: its numbers, its people, the clients that belong to it. */
export function CompanyCard({ company }: { company: Company }) {
  const { t } = useTranslation();
  const [params, setParams] = useSearchParams();
  const merging = params.get('merge') === '1';
  return (
    <>
      <CardTabs
        tabs={[
          { key: 'facts', label: t('app:card.facts'), render: () => <Facts company={company} /> },
          { key: 'clients', label: t('companies:clients'), render: () => <Related company={company} /> },
          { key: 'notes', label: t('app:card.notes'), render: () => <Notes owner="company_id" id={company.id} /> },
          { key: 'history', label: t('app:card.history'), render: () => <History queryKey={['companies', company.id]} load={(cursor) => client.audit.row({ entity: 'companies', id: company.id, limit: 30, ...(cursor ? { cursor } : {}) })} /> },
        ]}
      />
      {merging && (
        <Merge
          company={company}
          with={params.get('other')}
          onClose={() =>
            setParams((old) => {
              const next = new URLSearchParams(old);
              next.delete('merge');
              next.delete('other');
              return next;
            })
          }
        />
      )}
    </>
  );
}

function Facts({ company }: { company: Company }) {
  const { t } = useTranslation();
  const label = (name: string): string => t(`companies:fields.${name}`);
  return (
    <Stack gap={6}>
      <Fact field="legal_name" label={label('legal_name')}>{company.legal_name}</Fact>
      <Fact field="inn" label={label('inn')}>{company.inn}</Fact>
      <Fact field="kpp" label={label('kpp')}>{company.kpp}</Fact>
      <Fact field="ogrn" label={label('ogrn')}>{company.ogrn}</Fact>
      <Fact field="address" label={label('address')}>{company.address}</Fact>
      <Fact field="phone" label={label('phone')}>{company.phone && <Phone value={company.phone} />}</Fact>
      <Fact field="email" label={label('email')}>{company.email && <Email value={company.email} />}</Fact>
      <Fact field="website" label={label('website')}>{company.website}</Fact>
      <Fact field="activity_fields" label={label('activity_fields')}>
        {company.activity_fields.length > 0 && (
          <Group gap={6}>
            {company.activity_fields.map((field) => (
              <Badge key={field} variant="light" tt="none" fw={500}>
                {field}
              </Badge>
            ))}
          </Group>
        )}
      </Fact>
      <Fact field="branch_id" label={label('branch_id')}>{company.branch_name}</Fact>
      <Fact field="responsible_id" label={label('responsible_id')}>{company.responsible_name}</Fact>
      <Fact field="comment" label={label('comment')}>{company.comment}</Fact>
    </Stack>
  );
}

function Related({ company }: { company: Company }) {
  const { t } = useTranslation();
  const clients = useQuery({ queryKey: [['clients', 'list'], { company: company.id }], queryFn: () => client.clients.list({ company_id: company.id, limit: 100 }) });
  const contacts = useQuery({ queryKey: [['contacts', 'list'], { company: company.id }], queryFn: () => client.contacts.list({ company_id: company.id, limit: 100 }) });
  return (
    <Stack gap={0}>
      {clients.data?.items.map((one) => <LineLink key={one.id} to={cardLink('clients', one)} title={one.name} below={one.address} end={<Badge variant="light">{t('app:entities.clients')}</Badge>} />)}
      {contacts.data?.items.map((one) => <LineLink key={one.id} to={cardLink('contacts', one)} title={one.full_name} below={[one.position, formatPhone(one.phone)].filter(Boolean).join(' · ')} end={<Badge variant="light" color="gray">{t('app:entities.contacts')}</Badge>} />)}
      {clients.data?.items.length === 0 && contacts.data?.items.length === 0 && (
        <Text size="sm" c="dimmed">
          {t('clients:none')}
        </Text>
      )}
    </Stack>
  );
}
