import { Paper, Portal, Text, VisuallyHidden } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useDragging } from './dragging.ts';
import { reasonsOf, costOf, verdictOf } from './verdict.ts';
import { formatTime } from '../kit/formats.ts';

const OFFSET = 14;
const WIDTH = 270;

/** What is in the hand and what putting it down here would mean; said aloud for whoever moves by keys. */
export function DragGhost({ nameOf }: { nameOf: (engineer: string) => string }) {
  const { t } = useTranslation();
  const { stop, by, x, y, target } = useDragging();
  const name = target?.engineer ? nameOf(target.engineer) : null;
  const said = stop && target ? verdictOf(t, name, target.startsAt, target.judgement) : stop ? t('schedule:drag.lifted', { title: stop.title }) : '';
  const judgement = target?.judgement ?? null;
  const bad = judgement !== null && judgement.breaches.length > 0;
  return (
    <>
      <VisuallyHidden aria-live="assertive" role="status">
        {by === 'keys' ? said : ''}
      </VisuallyHidden>
      {stop && (by === 'hand' || target) && (
        <Portal>
          <Paper
            withBorder
            shadow="md"
            p="xs"
            w={WIDTH}
            style={{ position: 'fixed', zIndex: 300, pointerEvents: 'none', ...(by === 'hand' ? { left: Math.max(8, Math.min(x + OFFSET, window.innerWidth - WIDTH - 8)), top: y + OFFSET + 90 > window.innerHeight ? y - OFFSET - 90 : y + OFFSET } : { left: '50%', bottom: 16, transform: 'translateX(-50%)' }), borderColor: bad ? 'var(--mantine-color-red-6)' : judgement ? 'var(--mantine-color-teal-6)' : undefined }}
          >
            <Text size="sm" fw={600} truncate>
              {stop.title}
            </Text>
            {target && (
              <Text size="sm">
                {name === null ? t('schedule:drag.to_tray') : `${name}, ${formatTime(new Date(target.startsAt).toISOString())}`}
              </Text>
            )}
            {judgement && (
              <Text size="xs" c={bad ? 'red' : 'teal'}>
                {bad ? reasonsOf(t, judgement) : costOf(t, judgement)}
              </Text>
            )}
            {by === 'keys' && (
              <Text size="xs" c="dimmed">
                {t('schedule:drag.keys')}
              </Text>
            )}
          </Paper>
        </Portal>
      )}
    </>
  );
}
