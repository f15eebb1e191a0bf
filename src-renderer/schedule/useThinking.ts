import { useEffect, useState } from 'react';
import type { Plan } from '../../src-shared/schedule/contract.ts';
import { client } from '../app/client.ts';
import { useProgressWatch } from '../app/ProgressDock.tsx';
import { refusalOf } from '../kit/errors.ts';
import { toastError } from '../kit/toasts.tsx';
import type { CostPoint } from './CostCurve.tsx';

const LOOK_MS = 250;

export interface Thinking {
  /** Of the task that runs; null: nothing is being planned. */
  id: string | null;
  points: readonly CostPoint[];
  think: (work: (taskId: string) => Promise<Plan>) => Promise<Plan | null>;
  stop: () => void;
}

/** Runs one planning at a time, watches its best cost, and can stop it. */
export function useThinking(): Thinking {
  const watch = useProgressWatch((progress) => progress.watch);
  const [id, setId] = useState<string | null>(null);
  const [points, setPoints] = useState<readonly CostPoint[]>([]);
  useEffect(() => {
    if (!id) return;
    const began = Date.now();
    const look = setInterval(() => {
      void client.progress.list().then(
        ({ items }) => {
          const best = items.find((task) => task.id === id)?.best;
          if (typeof best === 'number') setPoints((known) => [...known, { seconds: (Date.now() - began) / 1000, cost: best }]);
        },
        // The planning itself answers what is wrong.
        () => undefined,
      );
    }, LOOK_MS);
    return () => clearInterval(look);
  }, [id]);
  return {
    id,
    points,
    think: async (work) => {
      const task = crypto.randomUUID();
      setPoints([]);
      setId(task);
      watch();
      try {
        return await work(task);
      } catch (error) {
        if (refusalOf(error).code !== 'CANCELLED') toastError(error);
        return null;
      } finally {
        setId(null);
      }
    },
    stop: () => void (id && client.progress.cancel({ id }).catch(toastError)),
  };
}
