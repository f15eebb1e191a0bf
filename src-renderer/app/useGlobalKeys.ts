import { useEffect, useRef } from 'react';
import { useNavigate } from 'react-router';
import { typing } from '../kit/useKeys.ts';
import { undoLast } from '../kit/toasts.tsx';
import { openPalette, typedAhead } from './palette-words.ts';

const GO: Record<string, string> = { KeyD: '/desk', KeyC: '/clients', KeyT: '/tickets', KeyA: '/calendar', KeyS: '/tasks', KeyO: '/companies', KeyK: '/articles' };
const NEW: Record<string, string> = { KeyC: '/clients/new', KeyT: '/tickets/new', KeyA: '/appointments/new', KeyZ: '/tasks/new', KeyO: '/companies/new', KeyK: '/articles/new' };
/** Time in milliseconds for the second key of a pair. */
const PAIR_MS = 1500;

/** Keys of the whole window, by their physical place: `G` then a page, `N` then a new thing, `/`, `?`, Ctrl+K, Ctrl+Z. */
export function useGlobalKeys({ help }: { help: () => void }): void {
  const navigate = useNavigate();
  const first = useRef<{ code: string; at: number } | null>(null);
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      const control = event.ctrlKey || event.metaKey;
      if (control && event.code === 'KeyK') {
        event.preventDefault();
        openPalette();
        return;
      }
      if (typedAhead(event)) {
        event.preventDefault();
        event.stopPropagation();
        return;
      }
      if (typing(event) || event.altKey) return;
      if (control) {
        if (event.code === 'KeyZ' && !event.shiftKey) {
          event.preventDefault();
          void undoLast();
        }
        return;
      }
      if (event.code === 'Slash') {
        event.preventDefault();
        if (event.shiftKey) help();
        else openPalette();
        return;
      }
      const begun = first.current;
      first.current = null;
      if (begun && Date.now() - begun.at < PAIR_MS) {
        const to = (begun.code === 'KeyG' ? GO : NEW)[event.code];
        if (to) {
          event.preventDefault();
          event.stopPropagation();
          void navigate(to);
        }
        return;
      }
      if (event.code === 'KeyG' || event.code === 'KeyN') first.current = { code: event.code, at: Date.now() };
    };
    window.addEventListener('keydown', listen, { capture: true });
    return () => window.removeEventListener('keydown', listen, { capture: true });
  }, [navigate, help]);
}
