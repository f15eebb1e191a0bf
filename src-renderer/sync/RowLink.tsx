import { Anchor } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { Conflict } from '../../src-shared/sync/model.ts';
import { cardLink, ENTITY_NAMES } from '../kit/links.ts';
import { numberText } from '../kit/No.tsx';
import { quoted } from '../kit/valueText.ts';

type Named = Pick<Conflict, 'entity' | 'row_id' | 'row_no' | 'row_title'>;

const hasCard = (entity: string): boolean => (ENTITY_NAMES as readonly string[]).includes(entity);

/** The card on which a row is read: its own, or for a file or a note the one of what it hangs on. */
function linkOf(row: Named, owner: Named | null): string | null {
  const shown = hasCard(row.entity) ? row : owner && hasCard(owner.entity) ? owner : null;
  if (!shown) return null;
  return `${cardLink(shown.entity, { id: shown.row_id, no: shown.row_no })}${row.entity === 'attachments' ? '?tab=files' : row.entity === 'notes' ? '?tab=notes' : ''}`;
}

interface Props {
  row: Named;
  /** What a file or a note hangs on. */
  owner?: Named | null;
  /** With its number, or its mark. */
  numbered?: boolean;
  /** Whether there is anything to go to. */
  linked?: boolean;
}

/** A row by its title; a link wherever there is a card. */
export function RowLink({ row, owner = null, numbered = false, linked = true }: Props) {
  const { t } = useTranslation();
  const title = `${quoted(row.row_title || t('app:history.untitled'))}${numbered ? ` ${numberText({ id: row.row_id, no: row.row_no })}` : ''}`;
  const link = linked ? linkOf(row, owner) : null;
  return link ? (
    <Anchor component={Link} to={link} size="sm">
      {title}
    </Anchor>
  ) : (
    <>{title}</>
  );
}
