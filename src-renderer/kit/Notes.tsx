import { ActionIcon, Button, Group, Paper, Stack, Text, Textarea, Tooltip } from '@mantine/core';
import { IconPin, IconPinFilled, IconTrash } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Note } from '../../src-shared/notes/model.ts';
import { client } from '../app/client.ts';
import { useSession } from '../app/session.ts';
import { When } from './Shown.tsx';
import { toastError, toastUndo } from './toasts.tsx';
import { useDraft } from './useDraft.ts';

type Owner = 'client_id' | 'company_id' | 'ticket_id' | 'task_id';

/** Notes of one row: pinned ones first, the newest next; only one's own can be deleted. */
export function Notes({ owner, id }: { owner: Owner; id: string }) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const me = useSession((session) => session.me?.user.id);
  const [text, setText] = useState('');
  const [busy, setBusy] = useState(false);
  const { found, keep, drop } = useDraft(`notes/${owner}/${id}`);
  const query = useQuery({ queryKey: [['notes', 'list'], { owner, id }], queryFn: () => client.notes.list({ [owner]: id, limit: 100 }) });
  useEffect(() => {
    if (found) setText((present) => present || String(found.values['text'] ?? ''));
  }, [found]);
  const refresh = (): Promise<void> => cache.invalidateQueries({ queryKey: [['notes', 'list']] });
  const add = async (): Promise<void> => {
    if (!text.trim()) return;
    setBusy(true);
    try {
      await client.notes.create({ [owner]: id, content: text.trim() });
      setText('');
      drop();
      await refresh();
    } catch (error) {
      toastError(error);
    } finally {
      setBusy(false);
    }
  };
  const pin = (note: Note): void => void client.notes.update({ id: note.id, pinned: !note.pinned }).then(refresh).catch(toastError);
  const remove = (note: Note): void =>
    void client.notes
      .delete({ id: note.id })
      .then(({ change_id }) => toastUndo(t('app:undo.deleted', { title: note.content.slice(0, 40) }), change_id))
      .then(refresh)
      .catch(toastError);
  const notes = [...(query.data?.items ?? [])].sort((a, b) => Number(b.pinned) - Number(a.pinned));

  return (
    <Stack gap="xs">
      <Textarea
        className="no-print"
        aria-label={t('app:notes.new')}
        placeholder={t('app:notes.placeholder')}
        autosize
        minRows={2}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          keep({ text: event.currentTarget.value });
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void add();
        }}
      />
      {text.trim() && (
        <Group justify="flex-end">
          <Button size="xs" loading={busy} onClick={() => void add()}>
            {t('app:notes.add')}
          </Button>
        </Group>
      )}
      {notes.map((note) => (
        <Paper key={note.id} p="xs" bg="var(--surface-sunken)" radius="md">
          <Group justify="space-between" wrap="nowrap" align="flex-start">
            <Text size="sm" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
              {note.content}
            </Text>
            <Group gap={2} wrap="nowrap">
              <Tooltip label={note.pinned ? t('app:notes.unpin') : t('app:notes.pin')}>
                <ActionIcon size="sm" variant="subtle" color="gray" aria-label={note.pinned ? t('app:notes.unpin') : t('app:notes.pin')} onClick={() => pin(note)}>
                  {note.pinned ? <IconPinFilled size={14} /> : <IconPin size={14} />}
                </ActionIcon>
              </Tooltip>
              {note.created_by === me && (
                <ActionIcon size="sm" variant="subtle" color="gray" aria-label={t('app:actions.delete')} onClick={() => remove(note)}>
                  <IconTrash size={14} />
                </ActionIcon>
              )}
            </Group>
          </Group>
          <Text size="xs" c="dimmed" mt={4}>
            {note.author_name ?? t('app:history.system')} · <When value={note.created_at} />
          </Text>
        </Paper>
      ))}
      {query.isSuccess && notes.length === 0 && (
        <Text size="sm" c="dimmed">
          {t('app:notes.none')}
        </Text>
      )}
    </Stack>
  );
}
