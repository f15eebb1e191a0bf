import { EntityPage } from '../kit/EntityPage.tsx';
import { clientsDefinition } from './definition.tsx';

export function ClientsPage() {
  return <EntityPage definition={clientsDefinition} />;
}
