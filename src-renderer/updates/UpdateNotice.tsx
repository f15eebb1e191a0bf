import { Tooltip } from '@mantine/core';
import { IconPackageImport } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { NavLink } from 'react-router';
import { useUpdates } from './state.ts';

/** A line of the rail while a new version waits for its person; in a browser there is none to decide about. */
export function UpdateNotice({ className, labelClass, phone }: { className: string; labelClass: string; phone: boolean }) {
  const { t } = useTranslation();
  const { data } = useUpdates();
  if (data?.stage !== 'ready' || !data.found) return null;
  const label = t('updates:stages.ready', { version: data.found.version });
  return (
    <Tooltip label={label} position="right" disabled={phone}>
      <NavLink to="/settings/updates" className={className} aria-label={label} role="status">
        <IconPackageImport size={20} stroke={1.6} aria-hidden color="var(--mantine-color-teal-filled)" />
        <span className={labelClass}>{label}</span>
      </NavLink>
    </Tooltip>
  );
}
