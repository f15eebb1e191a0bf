import { Badge, Button, Group, Stack, Text, Textarea } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { z } from 'zod';
import type { Conflict, conflictSide } from '../../src-shared/sync/model.ts';
import { bothTexts } from '../../src-shared/sync/text-merge.ts';
import { client } from '../app/client.ts';
import { useSession } from '../app/session.ts';
import { formatMoment, formatTime } from '../kit/formats.ts';
import { cardLink, ENTITY_NAMES } from '../kit/links.ts';
import { fieldLabel } from '../kit/valueText.ts';
import { useSettle } from './state.ts';
import { contested, toldFields } from './told.ts';
import { Written } from './Written.tsx';

type Side = z.infer<typeof conflictSide>;
type Values = Extract<Conflict, { kind: 'values' }>;

/** Fields that hold plain words, which can be put right where they are shown. */
const PLAIN = new Set(['subject', 'title', 'name', 'full_name', 'description', 'comment', 'address', 'result', 'body']);
/** From here on a text is joined rather than chosen. */
const LONG = 80;

/** The hour, and the day where it is another one. */
const momentOf = (at: string): string => (new Date(at).toDateString() === new Date().toDateString() ? formatTime(at) : formatMoment(at));

/** Who wrote what, and when, as a sentence. `fields` are those in question, named above it; without them each is named where it stands. */
export function SideText({ entity, side, beside, fields: asked }: { entity: Conflict['entity']; side: Side; beside?: Side | undefined; fields?: readonly string[] }) {
  const { t } = useTranslation();
  const me = useSession((session) => session.me?.user.id);
  const values = toldFields(entity, side.values);
  const fields = asked ?? Object.keys(values);
  const who = side.actor_id !== null && side.actor_id === me ? t('sync:conflict.you_wrote') : t('sync:conflict.they_wrote', { who: side.actor_name ?? t('sync:conflict.somebody') });
  return (
    <Text size="sm" component="div" style={{ overflowWrap: 'anywhere', minWidth: 0 }}>
      {who}{' '}
      {fields.map((field, index) => (
        <span key={field}>
          {index > 0 && ', '}
          {(fields.length > 1 || !asked) && (
            <Text span size="sm" c="dimmed">
              {fieldLabel(entity, field)}{' '}
            </Text>
          )}
          <Written entity={entity} field={field} value={values[field]} names={side.names} beside={beside?.values[field]} />
        </span>
      ))}
      , <time dateTime={side.at}>{momentOf(side.at)}</time>.{' '}
      {side.shown && asked && (
        <Badge size="sm" variant="light" tt="none">
          {t('sync:conflict.shown')}
        </Badge>
      )}
    </Text>
  );
}

/** The sides of one group of fields: keep one of them, or write what shall stand. */
export function Sides({ conflict }: { conflict: Values }) {
  const { t } = useTranslation();
  const settle = useSettle();
  const me = useSession((session) => session.me?.user.id);
  const [editing, setEditing] = useState(false);
  const { entity, row_id, group, sides } = conflict;
  const fields = contested(entity, sides);
  const [field] = fields;
  const plain = fields.length === 1 && field !== undefined && PLAIN.has(field);
  const keep = (values: Record<string, unknown>): void => settle(() => client.sync.resolve({ entity, row_id, group, values }));
  return (
    <>
      <Text size="sm" c="dimmed">
        {fields.map((name) => fieldLabel(entity, name)).join(', ')}
      </Text>
      {sides.map((side, index) => (
        <Group key={`${side.at}-${side.actor_id}`} justify="space-between" align="flex-start" gap="xs">
          <div style={{ flex: '1 1 300px', minWidth: 0 }}>
            <SideText entity={entity} side={side} beside={sides[index === 0 ? 1 : 0]} fields={fields} />
          </div>
          <Button size="compact-sm" variant="light" onClick={() => keep(side.values)} style={{ maxWidth: '100%' }}>
            {side.actor_id === me ? t('sync:conflict.keep_mine') : side.actor_name ? t('sync:conflict.keep_theirs', { who: side.actor_name }) : t('sync:conflict.keep_this')}
          </Button>
        </Group>
      ))}
      {plain && editing ? (
        <Editor label={fieldLabel(entity, field)} texts={sides.map((side) => side.values[field])} onSave={(text) => keep({ [field]: text })} onClose={() => setEditing(false)} />
      ) : (
        <Group>
          {plain ? (
            <Button size="compact-sm" variant="default" onClick={() => setEditing(true)}>
              {t('sync:conflict.edit')}
            </Button>
          ) : (
            (ENTITY_NAMES as readonly string[]).includes(entity) && (
              <Button size="compact-sm" variant="default" component={Link} to={`${cardLink(entity, { id: row_id, no: conflict.row_no })}?edit=1`}>
                {t('sync:conflict.open')}
              </Button>
            )
          )}
        </Group>
      )}
    </>
  );
}

/** Begins with what is shown; long texts with both, what they share once. */
function Editor({ label, texts, onSave, onClose }: { label: string; texts: unknown[]; onSave: (text: string) => void; onClose: () => void }) {
  const { t } = useTranslation();
  const words = texts.map((text) => (typeof text === 'string' ? text : ''));
  const long = words.some((text) => text.length > LONG || text.includes('\n'));
  const [text, setText] = useState(() => (long ? words.reduce(bothTexts) : (words[0] ?? '')));
  return (
    <Stack gap="xs">
      <Textarea
        label={t('sync:conflict.shall_stand', { field: label })}
        description={long ? t('sync:conflict.both_joined') : undefined}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) onSave(text);
        }}
        autosize
        minRows={long ? 4 : 1}
        maxRows={16}
        autoFocus
      />
      <Group gap="xs">
        <Button size="compact-sm" onClick={() => onSave(text)}>
          {t('app:actions.save')}
        </Button>
        <Button size="compact-sm" variant="subtle" color="gray" onClick={onClose}>
          {t('app:actions.cancel')}
        </Button>
      </Group>
    </Stack>
  );
}
