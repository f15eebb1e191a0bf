import { ActionIcon, Burger, Drawer, Group, Menu, Text, Tooltip, UnstyledButton } from '@mantine/core';
import { useDisclosure, useMediaQuery } from '@mantine/hooks';
import { spotlight } from '@mantine/spotlight';
import { IconBuildingCommunity, IconKeyboard, IconLogout, IconSearch, IconUserCircle } from '@tabler/icons-react';
import { Suspense, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { NavLink, Navigate, Route, Routes, useLocation, useNavigate } from 'react-router';
import { may, type Permission } from '../../src-shared/kernel/permissions.ts';
import { Loading } from '../kit/States.tsx';
import { SyncCorner, useFollowSync } from '../sync/index.ts';
import { UpdateNotice } from '../updates/index.ts';
import { ErrorBoundary } from './ErrorBoundary.tsx';
import { HelpOverlay } from './HelpOverlay.tsx';
import { followChanges } from './live.ts';
import { setNavigate } from './navigation.ts';
import { Palette } from './Palette.tsx';
import { ProgressDock } from './ProgressDock.tsx';
import { ROUTES } from './routes.tsx';
import { useSession } from './session.ts';
import { useGlobalKeys } from './useGlobalKeys.ts';
import classes from './Frame.module.css';

/** The window: rail, search, the page, and the corners that say how things stand. */
export function Frame() {
  const { t } = useTranslation();
  const me = useSession((session) => session.me);
  const leave = useSession((session) => session.leave);
  const switchTo = useSession((session) => session.switchTo);
  const [menuOpen, menu] = useDisclosure(false);
  const [helpOpen, help] = useDisclosure(false);
  const phone = useMediaQuery('(max-width: 600px)') ?? false;
  const location = useLocation();
  const navigate = useNavigate();
  useEffect(() => void setNavigate(navigate), [navigate]);
  useGlobalKeys({ help: help.toggle });
  const { close: closeMenu } = menu;
  useEffect(() => void closeMenu(), [location.pathname, closeMenu]);
  useFollowSync();
  useEffect(() => {
    const gone = new AbortController();
    void followChanges(gone.signal);
    return () => gone.abort();
  }, []);
  const section = location.pathname.split('/')[1] ?? '';
  useEffect(() => {
    document.title = `${t(`app:pages.${section}`, { defaultValue: '' })} · ${t('app:name')}`;
  }, [section, t]);

  const allowed = ROUTES.filter((route) => !route.permission || (me && may({ role: me.user.role } as never, route.permission satisfies Permission)));
  const rail = (
    <nav className={classes['rail']} aria-label={t('app:navigation')}>
      <div className={classes['links']}>
        {(['work', 'base', 'house'] as const).map((group) => (
          <div key={group} className={classes['group']}>
            {allowed
              .filter((route) => route.group === group)
              .map((route) => (
                <Tooltip key={route.path} label={t(`app:pages.${route.path}`)} position="right" disabled={phone}>
                  <NavLink to={`/${route.path}`} className={classes['link'] ?? ''} aria-label={t(`app:pages.${route.path}`)}>
                    <route.icon size={20} stroke={1.6} aria-hidden />
                    <span className={classes['label']}>{t(`app:pages.${route.path}`)}</span>
                  </NavLink>
                </Tooltip>
              ))}
          </div>
        ))}
      </div>
      <div>
        <UpdateNotice className={classes['link'] ?? ''} labelClass={classes['label'] ?? ''} phone={phone} />
        <SyncCorner />
      </div>
    </nav>
  );

  return (
    <div className={classes['frame']}>
      <a href="#page" className={classes['skip']}>
        {t('app:skip')}
      </a>
      <header className={`${classes['top']} no-print`}>
        {phone && <Burger size="sm" opened={menuOpen} onClick={menu.toggle} aria-label={t('app:menu')} />}
        <UnstyledButton className={classes['search']} onClick={() => spotlight.open()}>
          <IconSearch size={16} aria-hidden />
          <Text span size="sm" c="dimmed" truncate>
            {t('app:palette.placeholder')}
          </Text>
          {!phone && <kbd className={classes['kbd']}>Ctrl K</kbd>}
        </UnstyledButton>
        <Group gap={4} wrap="nowrap">
          {!phone && (
            <Tooltip label={`${t('app:help.title')} (?)`}>
              <ActionIcon variant="subtle" color="gray" aria-label={t('app:help.title')} onClick={help.open}>
                <IconKeyboard size={20} stroke={1.6} />
              </ActionIcon>
            </Tooltip>
          )}
          <Menu position="bottom-end">
            <Menu.Target>
              <ActionIcon variant="subtle" color="gray" aria-label={t('app:account')} size="lg">
                <IconUserCircle size={22} stroke={1.6} />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Label>{me?.user.full_name}</Menu.Label>
              <Menu.Label>{me?.organization.name}</Menu.Label>
              {me?.organizations
                .filter((one) => one.id !== me.organization.id)
                .map((one) => (
                  <Menu.Item key={one.id} leftSection={<IconBuildingCommunity size={15} />} onClick={() => void switchTo(one.id).then(() => navigate('/desk'))}>
                    {one.name}
                  </Menu.Item>
                ))}
              <Menu.Item leftSection={<IconUserCircle size={15} />} onClick={() => void navigate('/settings')}>
                {t('app:pages.settings')}
              </Menu.Item>
              <Menu.Item leftSection={<IconLogout size={15} />} onClick={() => void leave()}>
                {t('app:sign_out')}
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
        </Group>
      </header>
      {phone ? (
        <Drawer opened={menuOpen} onClose={menu.close} size={260} title={t('app:name')} padding={0} styles={{ header: { paddingInline: 16 } }}>
          {rail}
        </Drawer>
      ) : (
        rail
      )}
      <main id="page" className={classes['main']}>
        <ErrorBoundary key={section}>
          <Suspense fallback={<Loading rows={10} />}>
            <Routes>
              {allowed.map((route) => (
                <Route key={route.path} path={`/${route.path}/*`} element={<route.page />} />
              ))}
              <Route path="*" element={<Navigate to="/desk" replace />} />
            </Routes>
          </Suspense>
        </ErrorBoundary>
      </main>
      <ProgressDock />
      <Palette routes={allowed} />
      <HelpOverlay opened={helpOpen} onClose={help.close} />
    </div>
  );
}
