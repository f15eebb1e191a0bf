import { Button, Group, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import i18next from 'i18next';
import { client } from '../app/client.ts';
import { queryClient } from '../app/query.ts';
import { refusalOf } from './errors.ts';

/** The last change that Ctrl+Z takes back. */
let lastChange: string | null = null;

export function toastError(error: unknown): void {
  const refusal = refusalOf(error);
  notifications.show({ color: 'red', title: i18next.t('app:errors_page.title'), message: refusal.message, autoClose: 8000 });
}

/** Says that something ended badly though the call itself was answered. */
export function toastFailed(message: string): void {
  notifications.show({ color: 'red', message, autoClose: 8000 });
}

export function toastDone(message: string): void {
  notifications.show({ message, autoClose: 3000 });
}

/** Says what was done and offers to take it back. */
export function toastUndo(message: string, changeId: string): void {
  lastChange = changeId;
  const id = `undo-${changeId}`;
  notifications.show({
    id,
    autoClose: 10_000,
    message: (
      <Group justify="space-between" wrap="nowrap">
        <Text size="sm">{message}</Text>
        <Button
          size="compact-sm"
          variant="subtle"
          onClick={() => {
            notifications.hide(id);
            void undo(changeId);
          }}
        >
          {i18next.t('app:actions.undo')}
        </Button>
      </Group>
    ),
  });
}

/** Says why something was not done, and lets a person have it all the same. */
export function toastRefused(message: string, anyway: { label: string; run: () => void }): void {
  const id = `refused-${Date.now()}`;
  notifications.show({
    id,
    color: 'red',
    autoClose: 12_000,
    message: (
      <Group justify="space-between" wrap="nowrap">
        <Text size="sm">{message}</Text>
        <Button
          size="compact-sm"
          variant="subtle"
          color="red"
          style={{ flexShrink: 0 }}
          onClick={() => {
            notifications.hide(id);
            anyway.run();
          }}
        >
          {anyway.label}
        </Button>
      </Group>
    ),
  });
}

async function undo(changeId: string): Promise<void> {
  try {
    const { kept } = await client.audit.undo({ change_id: changeId });
    lastChange = null;
    toastDone(kept > 0 ? i18next.t('app:undo.partly', { count: kept }) : i18next.t('app:undo.done'));
    await queryClient.invalidateQueries();
  } catch (error) {
    toastError(error);
  }
}

/** Takes back the last change of this window that offered it. */
export async function undoLast(): Promise<void> {
  if (lastChange) await undo(lastChange);
  else toastDone(i18next.t('app:undo.nothing'));
}
