import { useEffect, useRef } from 'react';

type KeyMap = Record<string, (() => unknown) | undefined>;

/** Whether somebody is typing, or a dialog owns the keys. */
export function typing(event: KeyboardEvent): boolean {
  const target = event.target as HTMLElement | null;
  if (!target) return false;
  return /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) || target.isContentEditable || target.closest('[role="dialog"], [role="menu"], [role="listbox"]') !== null;
}

/** Single keys by their physical place, so that they work in the Russian layout too; silent while somebody types. */
export function useKeys(keys: KeyMap): void {
  const latest = useRef(keys);
  latest.current = keys;
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      if (typing(event)) return;
      if (event.code === 'Enter' && (event.target as HTMLElement).closest('button, a')) return;
      const action = latest.current[event.code];
      if (!action) return;
      event.preventDefault();
      action();
    };
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, []);
}
