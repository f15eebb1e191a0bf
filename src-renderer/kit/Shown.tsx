import { Anchor, Badge, Group, Text, Tooltip } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { InPlace } from './RowEditor.tsx';
import { asDate, formatMoment, formatPhone, formatRelative, hasTime } from './formats.ts';

/** One colour per status, the same on every page; the word stands beside it always. */
const STATUS_COLORS: Record<string, string> = {
  open: 'blue',
  in_progress: 'yellow',
  waiting: 'grape',
  resolved: 'teal',
  closed: 'gray',
  pending: 'blue',
  completed: 'teal',
  scheduled: 'blue',
  cancelled: 'gray',
  low: 'gray',
  medium: 'blue',
  high: 'orange',
  critical: 'red',
  in_use: 'teal',
  in_stock: 'blue',
  in_repair: 'orange',
  retired: 'gray',
  draft: 'yellow',
  published: 'teal',
  archived: 'gray',
};

/** A word with a dot of its colour. */
export function Status({ value, of }: { value: string; of: string }) {
  const { t } = useTranslation();
  return (
    <Badge variant="dot" color={STATUS_COLORS[value] ?? 'gray'} radius="sm" size="md" tt="none" fw={500} style={{ flexShrink: 0 }}>
      {t(`${of}:enums.${value}`, { defaultValue: t(`app:enums.${value}`) })}
    </Badge>
  );
}

/** Relative time, the exact one on hover. */
export function When({ value }: { value: string | null | undefined }) {
  if (!value) return null;
  return (
    <Tooltip label={formatMoment(value)}>
      <time dateTime={value}>{formatRelative(value)}</time>
    </Tooltip>
  );
}

const SOON_MS = 24 * 3_600_000;

/** A deadline: how long is left, amber when it is near, red when it has passed; in words too. */
export function Due({ value, done }: { value: string | null | undefined; done?: boolean }) {
  const { t } = useTranslation();
  if (!value) return null;
  const end = asDate(value).getTime() + (hasTime(value) ? 0 : 86_399_000);
  const left = end - Date.now();
  const late = !done && left < 0;
  const soon = !done && !late && left < SOON_MS;
  return (
    <Tooltip label={formatMoment(value)}>
      <Text span size="sm" c={late ? 'var(--late)' : soon ? 'var(--soon)' : 'dimmed'} fw={late || soon ? 600 : 400} style={{ whiteSpace: 'nowrap' }}>
        {late ? t('app:due.late', { when: formatRelative(value) }) : formatRelative(value)}
      </Text>
    </Tooltip>
  );
}

export function Phone({ value }: { value: string | null | undefined }) {
  return value ? (
    <Anchor href={`tel:${value.replace(/[^\d+]/g, '')}`} size="sm">
      {formatPhone(value)}
    </Anchor>
  ) : null;
}

/** A link to the card of something else. */
export function RefLink({ to, id, children }: { to: string; id: string | null; children: ReactNode }) {
  return id ? (
    <Anchor component={Link} to={`/${to}/${id}`} size="sm">
      {children}
    </Anchor>
  ) : null;
}

/** A label with its value; nothing at all without a value. With the name of its field it can be changed where it stands. */
export function Fact({ label, field, children }: { label: string; field?: string; children: ReactNode }) {
  if (children === null || children === undefined || children === '' || children === false) return null;
  return (
    <InPlace name={field}>
      {(value) => (
        <Group gap="xs" wrap="nowrap" align="baseline">
          <Text size="sm" c="dimmed" w={140} style={{ flexShrink: 0 }}>
            {label}
          </Text>
          <Text component="div" size="sm" style={{ minWidth: 0, whiteSpace: 'pre-wrap' }}>
            {value(children)}
          </Text>
        </Group>
      )}
    </InPlace>
  );
}

export function Email({ value }: { value: string }) {
  return (
    <Anchor href={`mailto:${value}`} size="sm">
      {value}
    </Anchor>
  );
}

/** The numbers beside the first one. */
export const morePhones = (row: { phone: string | null; phones: string[] }): string[] => row.phones.filter((phone) => phone !== row.phone);
