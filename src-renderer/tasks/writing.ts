import i18next from 'i18next';
import type { Task } from '../../src-shared/tasks/model.ts';
import { client } from '../app/client.ts';
import { queryClient } from '../app/query.ts';
import { ifMatch } from '../kit/conditional.ts';
import type { Values } from '../kit/definition.ts';
import { toastDone } from '../kit/toasts.tsx';

/** How a task is changed, for its list and its card alike. */
export const taskWriting = {
  feature: 'tasks' as const,
  update: (id: string, values: Values, version: string): Promise<Task> => client.tasks.update({ ...values, id }, ifMatch(version)),
};

/** Completes a task and says when a repeating one has made its next. */
export async function completeTask(task: Pick<Task, 'id' | 'version'>): Promise<void> {
  const done = await client.tasks.complete({ id: task.id }, ifMatch(task.version));
  toastDone(done.next_task_id ? i18next.t('tasks:completed_next') : i18next.t('tasks:enums.completed'));
  await queryClient.invalidateQueries();
}
