import { Button, Group, Modal, Radio, Stack, Table, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { MERGE_FIELDS, type Company } from '../../src-shared/companies/model.ts';
import { client } from '../app/client.ts';
import { numberText } from '../kit/No.tsx';
import { RefPicker } from '../kit/RefPicker.tsx';
import { toastError, toastUndo } from '../kit/toasts.tsx';

type MergeField = (typeof MERGE_FIELDS)[number];

const shown = (company: Company, field: MergeField): string => {
  const value = field === 'branch_id' ? company.branch_name : field === 'responsible_id' ? company.responsible_name : company[field];
  return Array.isArray(value) ? value.join(', ') : (value ?? '');
};

/** Two companies side by side: whose value stays, field by field. The whole merge can be taken back. */
export function Merge({ company, with: proposed, onClose }: { company: Company; with?: string | null; onClose: () => void }) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const [otherId, setOtherId] = useState<string | null>(proposed ?? null);
  const [chosen, setChosen] = useState<Partial<Record<MergeField, 'this' | 'other'>>>({});
  const [busy, setBusy] = useState(false);
  const other = useQuery({ queryKey: [['companies', 'get'], otherId], queryFn: () => client.companies.get({ id: otherId ?? '' }), enabled: otherId !== null }).data;
  const sideOf = (field: MergeField): 'this' | 'other' => chosen[field] ?? (other && !shown(company, field) && shown(other, field) ? 'other' : 'this');
  const differing = other ? MERGE_FIELDS.filter((field) => shown(company, field) !== shown(other, field)) : [];

  const merge = async (): Promise<void> => {
    if (!other) return;
    setBusy(true);
    try {
      const { change_id } = await client.companies.merge({ id: company.id, other_id: other.id, take: differing.filter((field) => sideOf(field) === 'other') });
      toastUndo(t('companies:merge_done'), change_id);
      await cache.invalidateQueries();
      onClose();
    } catch (error) {
      toastError(error);
    } finally {
      setBusy(false);
    }
  };

  return (
    <Modal opened onClose={onClose} title={t('companies:merge_title')} size="xl">
      <Stack>
        <Text size="sm" c="dimmed">
          {t('companies:merge_hint')}
        </Text>
        <RefPicker to="companies" label={t('companies:merge_other')} value={otherId} name={other?.name ?? null} onChange={(id) => setOtherId(id === company.id ? null : id)} required />
        {other && (
          <Table.ScrollContainer minWidth={520}>
            <Table verticalSpacing="xs" aria-label={t('companies:merge_title')}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th />
                  <Table.Th>{numberText(company)}</Table.Th>
                  <Table.Th>{numberText(other)}</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {differing.map((field) => (
                  <Table.Tr key={field}>
                    <Table.Td>{t(`companies:fields.${field}`)}</Table.Td>
                    {(['this', 'other'] as const).map((side) => (
                      <Table.Td key={side}>
                        <Radio
                          name={field}
                          label={shown(side === 'this' ? company : other, field) || t('app:history.nothing')}
                          checked={sideOf(field) === side}
                          onChange={() => setChosen((present) => ({ ...present, [field]: side }))}
                        />
                      </Table.Td>
                    ))}
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('app:actions.cancel')}
          </Button>
          <Button disabled={!other} loading={busy} onClick={() => void merge()}>
            {t('companies:merge_do')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
