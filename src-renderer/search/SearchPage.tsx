import { Badge, Chip, Group, Stack, Text, TextInput, Title } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { SEARCHABLE, type Searchable } from '../../src-shared/search/contract.ts';
import { client } from '../app/client.ts';
import { numberText } from '../kit/No.tsx';
import { LineLink } from '../kit/Sections.tsx';
import { EmptyState, ErrorState, Loading } from '../kit/States.tsx';
import { hitLink } from '../kit/links.ts';

/** Where have I seen this before: everything, by the words and numbers that it holds. */
export function SearchPage() {
  const { t } = useTranslation();
  const [params, setParams] = useSearchParams();
  const [words, setWords] = useState(params.get('q') ?? '');
  const [asked] = useDebouncedValue(words.trim(), 150);
  const entity = params.get('in') as Searchable | null;
  useEffect(() => {
    setParams(
      (old) => {
        const next = new URLSearchParams(old);
        if (asked) next.set('q', asked);
        else next.delete('q');
        return next;
      },
      { replace: true },
    );
  }, [asked, setParams]);
  const found = useQuery({ queryKey: [['search', 'query'], asked, entity], queryFn: ({ signal }) => client.search.query({ q: asked, limit: 100, ...(entity ? { entities: [entity] } : {}) }, { signal }), enabled: asked !== '' });
  return (
    <Stack p="md" maw={900}>
      <Title order={1}>{t('search:title')}</Title>
      <TextInput aria-label={t('search:field')} placeholder={t('search:field')} leftSection={<IconSearch size={16} aria-hidden />} value={words} onChange={(event) => setWords(event.currentTarget.value)} data-autofocus autoFocus size="md" />
      <Chip.Group
        value={entity ?? 'all'}
        onChange={(next) =>
          setParams((old) => {
            const changed = new URLSearchParams(old);
            if (next === 'all') changed.delete('in');
            else changed.set('in', String(next));
            return changed;
          })
        }
      >
        <Group gap={6}>
          {(['all', ...SEARCHABLE] as const).map((one) => (
            <Chip key={one} value={one} size="xs">
              {one === 'all' ? t('search:all') : t(`app:entities.${one}`)}
            </Chip>
          ))}
        </Group>
      </Chip.Group>
      {found.data?.corrected && <Text size="sm">{t('search:corrected', { words: found.data.corrected })}</Text>}
      {asked === '' ? (
        <EmptyState title={t('search:empty.title')} hint={t('search:empty.hint')} />
      ) : found.isError ? (
        <ErrorState error={found.error} retry={() => void found.refetch()} />
      ) : found.data ? (
        found.data.items.length === 0 ? (
          <EmptyState title={t('search:nothing')} hint={t('search:nothing_hint')} />
        ) : (
          <div role="list" aria-label={t('search:title')}>
            {found.data.items.map((hit) => (
              <div role="listitem" key={`${hit.entity}-${hit.id}`}>
                <LineLink to={hitLink(hit)} title={hit.title} below={[numberText(hit), hit.subtitle].filter(Boolean).join(' · ')} end={<Badge variant="light" color="gray" tt="none">{t(`app:entities.${hit.entity}`)}</Badge>} />
              </div>
            ))}
          </div>
        )
      ) : (
        <Loading rows={6} />
      )}
    </Stack>
  );
}
