import { Alert, Anchor, Stack, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { client } from '../app/client.ts';
import type { Values } from '../kit/definition.ts';
import { cardLink } from '../kit/links.ts';

const COMPARED = ['name', 'inn', 'kpp', 'ogrn', 'legal_name', 'address', 'phone', 'email', 'website'] as const;

/** Companies like the one being typed, with the reasons, while it is being typed. */
export function Duplicates({ values }: { values: Values }) {
  const { t } = useTranslation();
  const candidate = Object.fromEntries(COMPARED.flatMap((field) => (typeof values[field] === 'string' && values[field] ? [[field, values[field]]] : [])));
  const [asked] = useDebouncedValue(JSON.stringify(candidate), 250);
  const own = typeof values['id'] === 'string' ? { exclude_id: values['id'] } : {};
  const found = useQuery({ queryKey: [['companies', 'duplicates'], asked, own], queryFn: () => client.companies.duplicates({ ...(JSON.parse(asked) as object), ...own }), enabled: asked.length > 6 });
  const matches = found.data?.items ?? [];
  if (matches.length === 0) return null;
  return (
    <Alert color="orange" variant="light" title={t('companies:duplicates')} role="status">
      <Stack gap={6}>
        {matches.map(({ company, reasons }) => (
          <div key={company.id}>
            <Anchor component={Link} to={cardLink('companies', company)} size="sm" target="_blank">
              {company.name}
            </Anchor>
            <Text size="xs" c="dimmed">
              {reasons.map((reason) => `${t(`companies:reasons.${reason.field}`)}: ${t(`companies:strength.${reason.strength}`)}`).join('; ')}
            </Text>
          </div>
        ))}
      </Stack>
    </Alert>
  );
}
