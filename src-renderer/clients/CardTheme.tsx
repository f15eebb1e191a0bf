import type { ReactNode } from 'react';
import classes from './CardTheme.module.css';

/** A client's card in the theme that was chosen for it, whatever the rest of the window wears. */
export function CardTheme({ theme, children }: { theme: 'light' | 'dark' | null; children: ReactNode }) {
  return theme ? (
    <div data-mantine-color-scheme={theme} className={classes['themed']}>
      {children}
    </div>
  ) : (
    <>{children}</>
  );
}
