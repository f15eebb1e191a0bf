import { IconArchive, IconPencilMinus, IconSend } from '@tabler/icons-react';
import { ARTICLE_STATUSES, articleInput, type Article, type ArticleStatus } from '../../src-shared/knowledge/model.ts';
import { client } from '../app/client.ts';
import { ifMatch } from '../kit/conditional.ts';
import type { Action, EntityPageDefinition, WordsInUse } from '../kit/definition.ts';
import { Status, When } from '../kit/Shown.tsx';
import { ArticleCard } from './ArticleCard.tsx';
import { MarkdownEditor } from './MarkdownEditor.tsx';

const text = (name: string): string => `knowledge:fields.${name}`;
const tagsInUse: WordsInUse = { query: ['articles', 'tags'], load: async () => (await client.articles.tags()).items.map((tag) => tag.name) };

const move = (article: Article, status: ArticleStatus, label: string, icon: React.ReactNode): Action<Article> => ({
  key: status,
  label: `knowledge:${label}`,
  icon,
  shown: (row) => row.status !== status,
  run: async () => void (await client.articles.update({ id: article.id, status }, ifMatch(article.version))),
});

export const articlesDefinition: EntityPageDefinition<Article> = {
  feature: 'articles',
  messages: 'knowledge',
  list: (input) => client.articles.list(input),
  get: (id) => client.articles.get({ id }),
  create: (values) => client.articles.create(values as Parameters<typeof client.articles.create>[0]),
  update: (id, values, version) => client.articles.update({ ...values, id }, ifMatch(version)),
  remove: (id) => client.articles.delete({ id }),
  title: (article) => article.title,
  defaultSort: 'title',
  columns: [
    { key: 'title', header: text('title'), sort: 'title', render: (article) => article.title },
    { key: 'tags', header: text('tags'), width: 220, render: (article) => article.tags.join(', ') },
    { key: 'client', header: text('client_id'), width: 200, render: (article) => article.client_name },
    { key: 'status', header: text('status'), width: 150, render: (article) => <Status of="knowledge" value={article.status} /> },
    { key: 'updated', header: text('updated_at'), width: 140, sort: 'updated_at', render: (article) => <When value={article.updated_at} /> },
    { key: 'created', header: text('created_at'), width: 140, sort: 'created_at', optional: true, render: (article) => <When value={article.created_at} /> },
  ],
  compact: (article) => ({ title: article.title, line: [article.client_name, article.tags.join(', ')].filter(Boolean).join(' · ') || <When value={article.updated_at} />, badge: article.status === 'published' ? null : <Status of="knowledge" value={article.status} /> }),
  filters: [
    { name: 'status', label: text('status'), kind: 'select', multiple: true, options: ARTICLE_STATUSES, labels: 'knowledge:enums' },
    { name: 'tag', label: 'knowledge:tag', kind: 'word', words: tagsInUse },
    { name: 'client_id', label: text('client_id'), kind: 'ref', to: 'clients' },
  ],
  presets: [{ label: 'knowledge:drafts', values: { status: ['draft'] } }],
  schema: articleInput,
  fields: [
    { name: 'title', label: text('title'), kind: 'text', required: true },
    { name: 'status', label: text('status'), kind: 'select', options: ARTICLE_STATUSES, labels: 'knowledge:enums', required: true },
    { name: 'tags', label: text('tags'), kind: 'tags', hint: 'knowledge:tags_hint', words: tagsInUse },
    { name: 'client_id', label: text('client_id'), kind: 'ref', to: 'clients' },
    { name: 'content', label: text('content'), kind: 'custom', required: true, custom: ({ values, set, error }) => <MarkdownEditor value={(values['content'] as string | undefined) ?? ''} onChange={(next) => set('content', next)} error={error} /> },
  ],
  initial: () => ({ status: 'draft' }),
  actions: (article) => [
    move(article, 'published', 'publish', <IconSend size={15} />),
    move(article, 'draft', 'to_draft', <IconPencilMinus size={15} />),
    move(article, 'archived', 'archive', <IconArchive size={15} />),
  ],
  card: ({ row }) => <ArticleCard article={row} />,
};
