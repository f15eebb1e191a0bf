import { Anchor, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { aroundDifferences, differences } from '../../src-shared/sync/text-merge.ts';
import { isEmpty } from '../kit/saving.ts';
import { innerQuotes, quoted } from '../kit/valueText.ts';
import { isQuoted, writtenText } from './told.ts';
import classes from './Written.module.css';

/** Shorter texts are taken in at a glance. */
const COMPARED = 30;

interface Props {
  entity: string;
  field: string;
  value: unknown;
  /** What rows that values point at are called, by id. */
  names: Record<string, string>;
  /** Within a line that names the field: only what somebody typed stands in quotes. */
  bare?: boolean;
  /** Another text of the same field: the words that differ from it are marked, and long stretches without any wait to be asked for. */
  beside?: unknown;
}

/** A value that somebody wrote, whole and in quotes; a reference by the name of what it points at. */
export function Written({ entity, field, value, names, bare = false, beside }: Props) {
  const { t } = useTranslation();
  const [whole, setWhole] = useState(false);
  const [open, close] = t('app:quoted', { title: '\n' }).split('\n');
  if (isEmpty(value)) return <i>{t('sync:conflict.nothing')}</i>;
  const compared = typeof value === 'string' && typeof beside === 'string' && value.length > COMPARED && !(value in names) ? differences(value, beside) : null;
  return (
    <Text span inherit style={{ whiteSpace: 'pre-wrap' }}>
      {compared ? (
        <>
          {open}
          {(whole ? compared : aroundDifferences(compared)).map((part, index) =>
            'lines' in part ? (
              <Anchor key={index} component="button" type="button" size="xs" onClick={() => setWhole(true)}>
                {t('sync:conflict.alike', { count: part.lines })}
              </Anchor>
            ) : part.differs ? (
              <mark key={index} className={classes['differs']}>
                {innerQuotes(part.text)}
              </mark>
            ) : (
              innerQuotes(part.text)
            ),
          )}
          {close}
        </>
      ) : (
        (bare && !isQuoted(field, value, names) ? String : quoted)(writtenText(entity, field, value, names))
      )}
    </Text>
  );
}
