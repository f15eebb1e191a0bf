import { EntityPage } from '../kit/EntityPage.tsx';
import { contractsDefinition } from './definition.tsx';

export function ContractsPage() {
  return <EntityPage definition={contractsDefinition} />;
}
