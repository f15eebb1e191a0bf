import { Tooltip } from '@mantine/core';
import i18next from 'i18next';
import { useTranslation } from 'react-i18next';
import { markOf } from '../../src-shared/kernel/mark.ts';

interface Numbered {
  id: string;
  no: number | null;
}

/** A row's number, or its mark until it has one. */
export const numberText = (row: Numbered): string => (row.no === null ? markOf(row.id) : `№ ${row.no}`);

/** A number in a column; a mark says what it is. */
export function No({ row }: { row: Numbered }) {
  const { t } = useTranslation();
  if (row.no !== null) return <>{row.no}</>;
  return (
    <Tooltip label={t('app:card.no_number_hint')}>
      <i>{markOf(row.id)}</i>
    </Tooltip>
  );
}

/** Above a card and on paper: the number, or in words that it is still to come. */
export const numberWords = (row: Numbered): string => (row.no === null ? i18next.t('app:card.no_number', { mark: markOf(row.id) }) : `№ ${row.no}`);
