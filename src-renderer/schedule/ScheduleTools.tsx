import { ActionIcon, Button, Group, Menu, TextInput } from '@mantine/core';
import { IconChevronLeft, IconChevronRight, IconFileTypePdf, IconPrinter, IconRoute } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { PlannedRoute } from '../../src-shared/schedule/contract.ts';
import { client } from '../app/client.ts';
import { saveFile } from '../kit/saveFile.ts';
import { toastError } from '../kit/toasts.tsx';

const DAY = 86_400_000;
export const today = (): string => new Date(Date.now() - new Date().getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
const shifted = (date: string, days: number): string => new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY).toISOString().slice(0, 10);

interface ToolsProps {
  date: string;
  show: (date: string) => void;
  openDays: () => void;
  /** Null: no right to plan. */
  optimize: (() => void) | null;
  thinking: boolean;
  stop: () => void;
  hasPlan: boolean;
  routes: readonly PlannedRoute[];
  print: (engineer: string | null) => void;
}

/** What one does with a whole day: choose it, have it planned, take it along on paper. */
export function ScheduleTools({ date, show, openDays, optimize, thinking, stop, hasPlan, routes, print }: ToolsProps) {
  const { t } = useTranslation();
  const going = [...new Map(routes.filter((route) => route.stops.length > 0).map((route) => [route.engineer_id, route.engineer_name])).entries()];
  const save = (engineer: string | null): void => void client.schedule.sheet({ date, ...(engineer ? { engineer } : {}) }).then((file) => saveFile(file, file.name)).catch(toastError);
  return (
    <Group gap="xs" align="flex-end">
      <ActionIcon variant="subtle" aria-label={t('appointments:previous')} onClick={() => show(shifted(date, -1))}>
        <IconChevronLeft size={18} aria-hidden />
      </ActionIcon>
      <TextInput type="date" size="xs" aria-label={t('schedule:board.date')} value={date} onChange={(event) => event.currentTarget.value && show(event.currentTarget.value)} />
      <ActionIcon variant="subtle" aria-label={t('appointments:next')} onClick={() => show(shifted(date, 1))}>
        <IconChevronRight size={18} aria-hidden />
      </ActionIcon>
      <Button size="xs" variant="light" onClick={openDays}>
        {t('schedule:days.title')}
      </Button>
      <Sheets label={t('schedule:sheet.print')} icon={<IconPrinter size={15} aria-hidden />} going={going} choose={print} />
      {/* A PDF is made of what is written, not of what is only proposed. */}
      {!hasPlan && <Sheets label={t('schedule:sheet.pdf')} icon={<IconFileTypePdf size={15} aria-hidden />} going={going} choose={save} />}
      {optimize && (
        <Button size="xs" leftSection={<IconRoute size={15} aria-hidden />} loading={thinking} disabled={hasPlan} onClick={optimize}>
          {t('schedule:board.optimize')}
        </Button>
      )}
      {thinking && (
        <Button size="xs" variant="subtle" onClick={stop}>
          {t('app:actions.cancel')}
        </Button>
      )}
    </Group>
  );
}

function Sheets({ label, icon, going, choose }: { label: string; icon: ReactNode; going: readonly (readonly [string, string])[]; choose: (engineer: string | null) => void }) {
  const { t } = useTranslation();
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <Button size="xs" variant="light" leftSection={icon} disabled={going.length === 0}>
          {label}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => choose(null)}>{t('schedule:sheet.everybody')}</Menu.Item>
        {going.map(([id, name]) => (
          <Menu.Item key={id} onClick={() => choose(id)}>
            {name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
