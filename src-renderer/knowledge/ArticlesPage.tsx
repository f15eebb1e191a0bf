import { EntityPage } from '../kit/EntityPage.tsx';
import { articlesDefinition } from './definition.tsx';

export function ArticlesPage() {
  return <EntityPage definition={articlesDefinition} />;
}
