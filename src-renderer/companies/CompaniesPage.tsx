import { EntityPage } from '../kit/EntityPage.tsx';
import { companiesDefinition } from './definition.tsx';

export function CompaniesPage() {
  return <EntityPage definition={companiesDefinition} />;
}
