import { useState, type KeyboardEvent, type PointerEvent } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './DataTable.module.css';
import { MAX_WIDTH, MIN_WIDTH } from './useColumns.ts';

const STEP = 16;

/** The right edge of a heading: dragged, or moved with the arrow keys, it makes the column wider or narrower. */
export function ColumnEdge({ name, width, onResize }: { name: string; width: number; onResize: (width: number) => void }) {
  const { t } = useTranslation();
  const [from, setFrom] = useState<{ x: number; width: number } | null>(null);
  const wider = (by: number) => (event: KeyboardEvent) => {
    event.preventDefault();
    event.stopPropagation();
    onResize(width + by);
  };
  return (
    <span
      role="separator"
      tabIndex={0}
      aria-orientation="vertical"
      aria-label={t('app:list.column_width', { name })}
      aria-valuenow={width}
      aria-valuemin={MIN_WIDTH}
      aria-valuemax={MAX_WIDTH}
      className={classes['edge']}
      onPointerDown={(event: PointerEvent<HTMLSpanElement>) => {
        event.preventDefault();
        event.currentTarget.setPointerCapture(event.pointerId);
        setFrom({ x: event.clientX, width });
      }}
      onPointerMove={(event) => from && onResize(from.width + event.clientX - from.x)}
      onPointerUp={() => setFrom(null)}
      onPointerCancel={() => setFrom(null)}
      onKeyDown={(event) => {
        if (event.key === 'ArrowRight') wider(STEP)(event);
        if (event.key === 'ArrowLeft') wider(-STEP)(event);
      }}
    />
  );
}
