import type { NavigateFunction } from 'react-router';

let navigate: NavigateFunction = () => undefined;

/** The window hands its router over once; actions outside components go through here. */
export const setNavigate = (next: NavigateFunction): void => {
  navigate = next;
};
export const go = (to: string): void => void navigate(to);
