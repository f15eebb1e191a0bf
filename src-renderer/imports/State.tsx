import { Badge } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { ImportInfo } from '../../src-shared/imports/contract.ts';

const COLORS: Record<ImportInfo['state'], string> = { uploaded: 'gray', checking: 'yellow', checked: 'blue', running: 'yellow', done: 'teal', cancelled: 'gray', undoing: 'yellow', undone: 'gray', failed: 'red' };

/** Where an import stands, in a word with a dot. */
export function State({ info }: { info: ImportInfo }) {
  const { t } = useTranslation();
  return (
    <Badge variant="dot" color={COLORS[info.state]} radius="sm" tt="none" fw={500}>
      {t(`imports:states.${info.state}`)}
    </Badge>
  );
}
