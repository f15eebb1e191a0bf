import { NativeSelect, Text } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconArrowsExchange, IconBuilding, IconClockPlay, IconPackageImport, IconServer, IconShieldLock, IconSitemap, IconUser, IconUsers, type Icon } from '@tabler/icons-react';
import type { ComponentType } from 'react';
import { useTranslation } from 'react-i18next';
import { Navigate, NavLink, useNavigate, useParams } from 'react-router';
import type { Permission } from '../../src-shared/kernel/permissions.ts';
import { useSession } from '../app/session.ts';
import { JobsSettings } from '../jobs/index.ts';
import { SyncSettings } from '../sync/index.ts';
import { UpdatesSettings } from '../updates/index.ts';
import { Branches } from './Branches.tsx';
import { OrganizationSettings } from './OrganizationSettings.tsx';
import { Profile } from './Profile.tsx';
import { Security } from './Security.tsx';
import { SystemSettings } from './SystemSettings.tsx';
import { Users } from './Users.tsx';
import classes from './SettingsPage.module.css';

interface Section {
  key: string;
  icon: Icon;
  page: ComponentType<{ path: string }>;
  permission: Permission;
}

const SECTIONS: readonly Section[] = [
  { key: 'profile', icon: IconUser, page: Profile, permission: 'self' },
  { key: 'security', icon: IconShieldLock, page: Security, permission: 'self' },
  { key: 'users', icon: IconUsers, page: Users, permission: 'users.read' },
  { key: 'branches', icon: IconSitemap, page: Branches, permission: 'organization.manage' },
  { key: 'organization', icon: IconBuilding, page: OrganizationSettings, permission: 'organization.manage' },
  { key: 'sync', icon: IconArrowsExchange, page: SyncSettings, permission: 'self' },
  { key: 'jobs', icon: IconClockPlay, page: JobsSettings, permission: 'system.manage' },
  { key: 'updates', icon: IconPackageImport, page: UpdatesSettings, permission: 'self' },
  { key: 'system', icon: IconServer, page: SystemSettings, permission: 'self' },
];

/** Settings of oneself and, as far as the role goes, of the house; the address says which. */
export function SettingsPage() {
  const { t } = useTranslation();
  const { '*': path = '' } = useParams();
  const navigate = useNavigate();
  const phone = useMediaQuery('(max-width: 700px)') ?? false;
  const permissions = useSession((session) => session.me?.permissions) ?? [];
  const [key = '', ...rest] = path.split('/');
  const sections = SECTIONS.filter((section) => section.permission === 'self' || permissions.includes(section.permission));
  const current = sections.find((section) => section.key === key);
  if (!current) return <Navigate to="/settings/profile" replace />;
  return (
    <div className={classes['page']}>
      {phone ? (
        <NativeSelect m="md" mb={0} aria-label={t('settings:sections_label')} data={sections.map((section) => ({ value: section.key, label: t(`settings:sections.${section.key}`) }))} value={key} onChange={(event) => void navigate(`/settings/${event.currentTarget.value}`)} />
      ) : (
        <nav className={classes['nav']} aria-label={t('settings:sections_label')}>
          {sections.map((section) => (
            <NavLink key={section.key} to={`/settings/${section.key}`} className={classes['link'] ?? ''}>
              <section.icon size={18} stroke={1.6} aria-hidden />
              <Text span size="sm">
                {t(`settings:sections.${section.key}`)}
              </Text>
            </NavLink>
          ))}
        </nav>
      )}
      <div className={classes['content']}>
        <current.page key={current.key} path={rest.join('/')} />
      </div>
    </div>
  );
}
