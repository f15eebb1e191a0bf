import { useEffect, useRef, type KeyboardEvent, type PointerEvent, type RefObject } from 'react';
import { pan, zoomAt, type Spot, type Viewport } from './viewport.ts';

const KEY_STEP = 60;
const WHEEL_STEP = 1 / 300;

type Change = (change: (view: Viewport) => Viewport) => void;

/** Moves and zooms a map by mouse, wheel, one or two fingers, and keys. */
export function useGestures(element: RefObject<HTMLElement | null>, change: Change, showAll: () => void) {
  const fingers = useRef(new Map<number, Spot>());
  useEffect(() => {
    const target = element.current;
    if (!target) return;
    const wheel = (event: WheelEvent): void => {
      // A wheel that passes by scrolls the page; on a map that has been chosen, or with Ctrl, it zooms.
      if (!event.ctrlKey && !target.contains(document.activeElement)) return;
      event.preventDefault();
      const box = target.getBoundingClientRect();
      change((view) => zoomAt(view, -event.deltaY * WHEEL_STEP, event.clientX - box.left - box.width / 2, event.clientY - box.top - box.height / 2));
    };
    target.addEventListener('wheel', wheel, { passive: false });
    return () => target.removeEventListener('wheel', wheel);
  }, [element, change]);
  const lift = (event: PointerEvent): void => void fingers.current.delete(event.pointerId);
  return {
    onPointerDown: (event: PointerEvent<HTMLElement>): void => {
      if ((event.target as Element).closest('[data-press]')) return;
      fingers.current.set(event.pointerId, { x: event.clientX, y: event.clientY });
      event.currentTarget.setPointerCapture(event.pointerId);
    },
    onPointerMove: (event: PointerEvent<HTMLElement>): void => {
      const before = fingers.current.get(event.pointerId);
      if (!before) return;
      const now = { x: event.clientX, y: event.clientY };
      const other = [...fingers.current].find(([id]) => id !== event.pointerId)?.[1];
      fingers.current.set(event.pointerId, now);
      if (!other) return change((view) => pan(view, now.x - before.x, now.y - before.y));
      const box = event.currentTarget.getBoundingClientRect();
      const apart = (a: Spot): number => Math.max(10, Math.hypot(a.x - other.x, a.y - other.y));
      const middle = { x: (now.x + other.x) / 2 - box.left - box.width / 2, y: (now.y + other.y) / 2 - box.top - box.height / 2 };
      change((view) => pan(zoomAt(view, Math.log2(apart(now) / apart(before)), middle.x, middle.y), (now.x - before.x) / 2, (now.y - before.y) / 2));
    },
    onPointerUp: lift,
    onPointerCancel: lift,
    onKeyDown: (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.altKey || event.metaKey) return;
      const moves: Record<string, () => void> = {
        ArrowLeft: () => change((view) => pan(view, KEY_STEP, 0)),
        ArrowRight: () => change((view) => pan(view, -KEY_STEP, 0)),
        ArrowUp: () => change((view) => pan(view, 0, KEY_STEP)),
        ArrowDown: () => change((view) => pan(view, 0, -KEY_STEP)),
        '+': () => change((view) => zoomAt(view, 0.5)),
        '=': () => change((view) => zoomAt(view, 0.5)),
        '-': () => change((view) => zoomAt(view, -0.5)),
        '0': showAll,
      };
      const move = moves[event.key];
      if (!move) return;
      event.preventDefault();
      event.stopPropagation();
      move();
    },
  };
}
