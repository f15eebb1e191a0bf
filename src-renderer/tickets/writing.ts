import type { Ticket } from '../../src-shared/tickets/model.ts';
import { client } from '../app/client.ts';
import { ifMatch } from '../kit/conditional.ts';
import type { Values } from '../kit/definition.ts';

/** How a ticket is changed, for its list and its card alike. */
export const ticketWriting = {
  feature: 'tickets' as const,
  update: (id: string, values: Values, version: string): Promise<Ticket> => client.tickets.update({ ...values, id }, ifMatch(version)),
};
