import { EntityPage } from '../kit/EntityPage.tsx';
import { appointmentsDefinition } from './definition.tsx';

export function AppointmentsPage() {
  return <EntityPage definition={appointmentsDefinition} />;
}
