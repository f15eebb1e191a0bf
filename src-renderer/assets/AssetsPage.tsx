import { EntityPage } from '../kit/EntityPage.tsx';
import { assetsDefinition } from './definition.tsx';

export function AssetsPage() {
  return <EntityPage definition={assetsDefinition} />;
}
