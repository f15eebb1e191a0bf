import { Box, Group, Paper, SegmentedControl, Stack, Text, Title, useMantineColorScheme, type MantineColorScheme } from '@mantine/core';
import { IconDeviceDesktop, IconMoon, IconSun } from '@tabler/icons-react';
import { useEffect, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { LANGUAGES } from '../../src-shared/users/model.ts';
import { setLanguage } from '../app/i18n.ts';
import classes from './AuthShell.module.css';

const THEMES: { value: MantineColorScheme; icon: typeof IconSun; label: string }[] = [
  { value: 'light', icon: IconSun, label: 'app:enums.light' },
  { value: 'dark', icon: IconMoon, label: 'app:enums.dark' },
  { value: 'auto', icon: IconDeviceDesktop, label: 'app:enums.system' },
];

/** The page before somebody is in: the name of the program, one task, language and theme. */
export function AuthShell({ title, hint, wide, children }: { title: string; hint?: string; wide?: boolean; children: ReactNode }) {
  const { t, i18n } = useTranslation();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  useEffect(() => {
    document.title = `${title} · ${t('app:name')}`;
  }, [title, t]);
  return (
    <Box className={classes['page']}>
      <Stack component="main" gap="md" w="100%" maw={wide ? 620 : 400}>
        <Group gap="xs" justify="center">
          <img src="/icon.svg" alt="" width={28} height={28} />
          <Text fw={650} size="lg">
            {t('app:name')}
          </Text>
        </Group>
        <Paper withBorder p={{ base: 'md', xs: 'xl' }} radius="lg">
          <Stack gap="md">
            <div>
              <Title order={1}>{title}</Title>
              {hint && (
                <Text size="sm" c="dimmed" mt={4}>
                  {hint}
                </Text>
              )}
            </div>
            {children}
          </Stack>
        </Paper>
        <Group justify="space-between" gap="xs">
          <SegmentedControl size="xs" aria-label={t('auth:language')} data={LANGUAGES.map((value) => ({ value, label: t(`app:enums.${value}`) }))} value={i18n.language} onChange={(next) => setLanguage(next === 'en' ? 'en' : 'ru')} />
          <SegmentedControl
            size="xs"
            aria-label={t('auth:theme')}
            data={THEMES.map(({ value, icon: Icon, label }) => ({
              value,
              label: (
                <span className={classes['theme']} title={t(label)}>
                  <Icon size={16} stroke={1.6} aria-hidden />
                  <span className={classes['hidden']}>{t(label)}</span>
                </span>
              ),
            }))}
            value={colorScheme}
            onChange={(next) => setColorScheme(next as MantineColorScheme)}
          />
        </Group>
      </Stack>
    </Box>
  );
}
