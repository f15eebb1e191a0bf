import { Badge, Divider, Group, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { Article } from '../../src-shared/knowledge/model.ts';
import { client } from '../app/client.ts';
import { Attachments, Counted } from '../attachments/index.ts';
import { History } from '../kit/History.tsx';
import { CardTabs } from '../kit/Sections.tsx';
import { Fact, RefLink, Status, When } from '../kit/Shown.tsx';
import { useAuthor } from '../kit/useAuthor.ts';
import { ShownMarkdown } from './ShownMarkdown.tsx';

/** What do we know of this, since when, and for whom does it hold. */
export function ArticleCard({ article }: { article: Article }) {
  const { t } = useTranslation();
  return (
    <Counted entity="articles" id={article.id}>
      {(files) => (
        <CardTabs
          tabs={[
            { key: 'text', label: t('knowledge:article'), render: () => <Reading article={article} /> },
            { key: 'files', label: t('attachments:title'), count: files, render: () => <Attachments entity="articles" id={article.id} /> },
            { key: 'history', label: t('app:card.history'), render: () => <History queryKey={['articles', article.id]} load={(cursor) => client.audit.row({ entity: 'articles', id: article.id, limit: 30, ...(cursor ? { cursor } : {}) })} /> },
          ]}
        />
      )}
    </Counted>
  );
}

function Reading({ article }: { article: Article }) {
  const { t } = useTranslation();
  const author = useAuthor(article);
  return (
    <Stack gap="sm">
      <Stack gap={6}>
        <Fact field="status" label={t('knowledge:fields.status')}>
          <Status of="knowledge" value={article.status} />
        </Fact>
        <Fact field="client_id" label={t('knowledge:fields.client_id')}>
          {article.client_id && (
            <RefLink to="clients" id={article.client_id}>
              {article.client_name}
            </RefLink>
          )}
        </Fact>
        <Fact field="tags" label={t('knowledge:fields.tags')}>
          {article.tags.length > 0 && (
            <Group gap={6} component="span">
              {article.tags.map((tag) => (
                <Badge key={tag} component={Link} to={`/articles?${new URLSearchParams({ tag })}`} variant="light" color="gray" radius="sm" tt="none" fw={500} style={{ cursor: 'pointer' }}>
                  {tag}
                </Badge>
              ))}
            </Group>
          )}
        </Fact>
        <Fact label={t('knowledge:fields.updated_at')}>
          <When value={article.updated_at} />
          {author && (
            <Text span c="dimmed" inherit>
              {' · '}
              {author}
            </Text>
          )}
        </Fact>
      </Stack>
      <Divider />
      <ShownMarkdown text={article.content} />
    </Stack>
  );
}
