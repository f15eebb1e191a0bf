import { EntityPage } from '../kit/EntityPage.tsx';
import { contactsDefinition } from './definition.tsx';

export function ContactsPage() {
  return <EntityPage definition={contactsDefinition} />;
}
