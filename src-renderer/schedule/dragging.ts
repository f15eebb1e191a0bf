import type { PointerEvent as ReactPointerEvent } from 'react';
import { create } from 'zustand';
import type { PlannedRoute, PlannedStop } from '../../src-shared/schedule/contract.ts';
import type { BoardJudge, Judgement } from '../../src-shared/schedule/judge.ts';

/** Starts snap to quarters of an hour, by keys and by hand. */
export const SNAP = 15 * 60_000;
const MINUTE_STEP = 5 * 60_000;
const TOUCH_HOLD_MS = 350;
/** Below this many pixels a press is a press. */
const SLACK = 5;
const EDGE = 48;
const EDGE_STEP = 14;
/** Height of the page's own bar. */
const TOP_BAR = 48;

/** A lane as the hand sees it: an engineer's shift, and how its pixels are moments. */
export interface LaneTarget {
  key: string;
  route: PlannedRoute;
  /** Moment at the left edge, and of the whole width. */
  from: number;
  length: number;
}

interface Target {
  /** Key of the lane; null: the tray. */
  lane: string | null;
  engineer: string | null;
  startsAt: number;
  judgement: Judgement | null;
}

interface Dragging {
  stop: PlannedStop | null;
  by: 'hand' | 'keys';
  x: number;
  y: number;
  target: Target | null;
}

const NOTHING: Dragging = { stop: null, by: 'hand', x: 0, y: 0, target: null };
/** What is being moved, and where to. Lanes look at their own part of it only, so that a move redraws one or two of them. */
export const useDragging = create<Dragging>(() => NOTHING);

export const laneKey = (route: PlannedRoute): string => `${route.engineer_id} ${route.shift_from}`;

export type Drop = (stop: PlannedStop, engineer: string | null, startsAt: number, judgement: Judgement | null) => void;

interface Ground {
  lanes: readonly LaneTarget[];
  judge: BoardJudge | null;
  drop: Drop;
}

/** What a place means; null while the rules of the day are on their way. */
export function judgeAt(judge: BoardJudge | null, stop: PlannedStop, engineer: string, startsAt: number): Judgement | null {
  if (!judge) return null;
  const start = Math.round((startsAt - Date.parse(judge.rules.zero)) / 1000);
  const shift = judge.shiftAt(engineer, start);
  return shift ? judge.judge(stop.appointment_id, shift.key, start) : null;
}

function targetAt({ lanes, judge }: Ground, stop: PlannedStop, key: string, startsAt: number): Target | null {
  const lane = lanes.find((one) => one.key === key);
  return lane ? { lane: key, engineer: lane.route.engineer_id, startsAt, judgement: judgeAt(judge, stop, lane.route.engineer_id, startsAt) } : null;
}

const sameTarget = (a: Target | null, b: Target | null): boolean => a === b || (a !== null && b !== null && a.lane === b.lane && a.startsAt === b.startsAt);

/** Moves a visit by mouse, pen or finger (held for a moment, so that a swipe still scrolls). Escape lets go. */
export function dragByHand(event: ReactPointerEvent<HTMLElement>, stop: PlannedStop, ground: Ground): void {
  if (event.button !== 0) return;
  const { clientX, clientY, pointerType, currentTarget } = event;
  const touch = pointerType === 'touch';
  const box = currentTarget.getBoundingClientRect();
  const grip = stop.before.assigned_to === null ? 0 : (clientX - box.left) / Math.max(1, box.width);
  const length = Date.parse(stop.ends_at) - Date.parse(stop.starts_at);
  const scroller = scrollerOf(currentTarget);
  let active = false;
  const lift = (): void => {
    active = true;
    useDragging.setState({ stop, by: 'hand', x: clientX, y: clientY, target: null });
  };
  const hold = touch ? setTimeout(lift, TOUCH_HOLD_MS) : undefined;
  const find = (x: number, y: number): Target | null => {
    const under = document.elementFromPoint(x, y);
    if (under?.closest('[data-tray]')) return stop.before.assigned_to === null ? null : { lane: null, engineer: null, startsAt: Date.parse(stop.starts_at), judgement: null };
    const element = under?.closest<HTMLElement>('[data-lane]');
    const lane = ground.lanes.find((one) => one.key === element?.dataset['lane']);
    if (!element || !lane) return null;
    const { left, width } = element.getBoundingClientRect();
    const pointed = lane.from + ((x - left) / width) * lane.length - grip * length;
    return targetAt(ground, stop, lane.key, Math.round(pointed / SNAP) * SNAP);
  };
  const move = (moved: PointerEvent): void => {
    if (!active) {
      if (Math.hypot(moved.clientX - clientX, moved.clientY - clientY) < SLACK) return;
      if (touch) return end();
      lift();
    }
    moved.preventDefault();
    if (moved.clientY > window.innerHeight - EDGE) scroller?.scrollBy(0, EDGE_STEP);
    else if (moved.clientY < EDGE + TOP_BAR) scroller?.scrollBy(0, -EDGE_STEP);
    const target = find(moved.clientX, moved.clientY);
    useDragging.setState((state) => ({ x: moved.clientX, y: moved.clientY, target: sameTarget(state.target, target) ? state.target : target }));
  };
  const end = (): void => {
    clearTimeout(hold);
    window.removeEventListener('pointermove', move);
    window.removeEventListener('pointerup', up);
    window.removeEventListener('pointercancel', end);
    window.removeEventListener('keydown', key, true);
    window.removeEventListener('touchmove', still);
    useDragging.setState(NOTHING);
  };
  const up = (): void => {
    const { target } = useDragging.getState();
    const lifted = active;
    end();
    if (!lifted) return;
    // The press that ends a move is not one on the visit.
    window.addEventListener('click', swallow, { capture: true, once: true });
    setTimeout(() => window.removeEventListener('click', swallow, true));
    if (target) ground.drop(stop, target.engineer, target.startsAt, target.judgement);
  };
  const key = (pressed: KeyboardEvent): void => {
    if (pressed.key !== 'Escape') return;
    pressed.preventDefault();
    pressed.stopPropagation();
    end();
  };
  const still = (moved: TouchEvent): void => {
    if (active) moved.preventDefault();
  };
  window.addEventListener('pointermove', move);
  window.addEventListener('pointerup', up);
  window.addEventListener('pointercancel', end);
  window.addEventListener('keydown', key, true);
  window.addEventListener('touchmove', still, { passive: false });
}

/** What scrolls up and down around an element. */
function scrollerOf(element: Element): Element | null {
  for (let at = element.parentElement; at; at = at.parentElement) if (at.scrollHeight > at.clientHeight && /auto|scroll/.test(getComputedStyle(at).overflowY)) return at;
  return document.scrollingElement;
}

const swallow = (event: Event): void => {
  event.preventDefault();
  event.stopPropagation();
};

/** Keys while a visit has the focus: M lifts it; arrows move it by quarters of an hour (with Shift by five minutes) and from engineer to engineer; Enter puts it down. @returns whether the key was for this */
export function dragByKeys(event: { code: string; key: string; shiftKey: boolean }, stop: PlannedStop, ground: Ground): boolean {
  const { lanes, drop } = ground;
  const state = useDragging.getState();
  if (state.by !== 'keys' || state.stop?.appointment_id !== stop.appointment_id) {
    if (event.code !== 'KeyM') return false;
    const own = lanes.find((lane) => lane.route.stops.some((one) => one.appointment_id === stop.appointment_id)) ?? lanes[0];
    if (own) useDragging.setState({ stop, by: 'keys', x: 0, y: 0, target: targetAt(ground, stop, own.key, Date.parse(stop.starts_at)) });
    return own !== undefined;
  }
  const { target } = state;
  const at = lanes.findIndex((lane) => lane.key === target?.lane);
  const go = (lane: number, by: number): boolean => {
    const next = lanes[Math.min(lanes.length - 1, Math.max(0, lane))];
    if (next && target) useDragging.setState({ target: targetAt(ground, stop, next.key, target.startsAt + by) });
    return true;
  };
  const step = event.shiftKey ? MINUTE_STEP : SNAP;
  if (event.key === 'ArrowLeft') return go(at, -step);
  if (event.key === 'ArrowRight') return go(at, step);
  if (event.key === 'ArrowUp') return go(at - 1, 0);
  if (event.key === 'ArrowDown') return go(at + 1, 0);
  if (event.key !== 'Enter' && event.key !== 'Escape') return false;
  useDragging.setState(NOTHING);
  if (event.key === 'Enter' && target) drop(stop, target.engineer, target.startsAt, target.judgement);
  return true;
}

/** Lets go of what keys have lifted, when the focus leaves it. */
export function letGo(): void {
  if (useDragging.getState().by === 'keys') useDragging.setState(NOTHING);
}
