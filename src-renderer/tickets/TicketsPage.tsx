import { EntityPage } from '../kit/EntityPage.tsx';
import { ticketsDefinition } from './definition.tsx';

export function TicketsPage() {
  return <EntityPage definition={ticketsDefinition} />;
}
