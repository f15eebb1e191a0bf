import { SegmentedControl, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { setLanguage } from '../app/i18n.ts';
import { ThemeSwitch } from '../app/ThemeSwitch.tsx';
import classes from './Auth.module.css';

/** The pages before anybody is signed in: the name of the program, the language, and one panel. */
export function AuthLayout({ title, lead, wide, children }: { title: string; lead?: ReactNode; wide?: boolean; children: ReactNode }) {
  const { t, i18n } = useTranslation();
  return (
    <div className={classes['page']}>
      <header className={classes['bar']}>
        <span className={classes['brand']}>
          <img src="/icon.svg" width={24} height={24} alt="" />
          {t('app:name')}
        </span>
        <span className={classes['brand']}>
          <ThemeSwitch />
          <SegmentedControl
            size="xs"
            aria-label={t('auth:language')}
            value={i18n.language}
            onChange={(next) => setLanguage(next === 'en' ? 'en' : 'ru')}
            data={[
              { value: 'ru', label: 'RU' },
              { value: 'en', label: 'EN' },
            ]}
          />
        </span>
      </header>
      <main className={classes['middle']}>
        <div className={classes['panel']} data-wide={wide || undefined}>
          <Title order={1} mb={lead ? 4 : 'md'}>
            {title}
          </Title>
          {lead && (
            <Text size="sm" c="dimmed" mb="md">
              {lead}
            </Text>
          )}
          {children}
        </div>
      </main>
      <footer className={classes['foot']}>
        <Text size="xs" c="dimmed">
          {t('auth:tagline')}
        </Text>
      </footer>
    </div>
  );
}
