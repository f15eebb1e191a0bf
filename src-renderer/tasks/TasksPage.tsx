import { EntityPage } from '../kit/EntityPage.tsx';
import { tasksDefinition } from './definition.tsx';

export function TasksPage() {
  return <EntityPage definition={tasksDefinition} />;
}
