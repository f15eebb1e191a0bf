import { Popover, Text, UnstyledButton } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { formatTime } from '../kit/formats.ts';
import { useConnection } from './live.ts';
import classes from './ConnectionCorner.module.css';

/** Whether this page hears the program; the data itself is always on this machine. */
export function ConnectionCorner() {
  const { t } = useTranslation();
  const { online, since } = useConnection();
  const word = t(online ? 'app:connection.local' : 'app:connection.lost');
  return (
    <Popover position="right-end" width={280} withArrow>
      <Popover.Target>
        <UnstyledButton className={classes['corner']} aria-label={word}>
          <span className={classes['dot']} data-online={online || undefined} aria-hidden />
          <span className={classes['word']}>{word}</span>
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown>
        <Text size="sm">{t(online ? 'app:connection.local_hint' : 'app:connection.lost_hint', { time: formatTime(new Date(since).toISOString()) })}</Text>
      </Popover.Dropdown>
    </Popover>
  );
}
