import { useState } from 'react';
import type { Values } from './definition.ts';

interface View {
  name: string;
  values: Values;
}

const KEY = 'polevik.views.';

/** Saved views of a list; they belong to this device. */
export function useViews(feature: string): { views: View[]; save: (name: string, values: Values) => void; forget: (name: string) => void } {
  const [views, setViews] = useState<View[]>(() => JSON.parse(localStorage.getItem(KEY + feature) ?? '[]') as View[]);
  const write = (next: View[]): void => {
    localStorage.setItem(KEY + feature, JSON.stringify(next));
    setViews(next);
  };
  return {
    views,
    save: (name, values) => write([...views.filter((view) => view.name !== name), { name, values }]),
    forget: (name) => write(views.filter((view) => view.name !== name)),
  };
}
