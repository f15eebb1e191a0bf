import { z } from 'zod';
import { appointment } from '../appointments/model.ts';
import { contractRow } from '../contracts/model.ts';
import { task } from '../tasks/model.ts';
import { PRIORITIES, TICKET_STATUSES, ticket } from '../tickets/model.ts';

const bucket = z.object({ tickets: z.array(ticket), tasks: z.array(task), appointments: z.array(appointment) });
export type DeskBucket = z.infer<typeof bucket>;

/** What one person must do: late, today, within seven days, and what has landed on him since the day before. */
export const desk = z.object({
  overdue: bucket,
  today: bucket,
  week: bucket,
  newly_assigned: bucket,
  counts: z.object({ overdue: z.number().int(), today: z.number().int(), week: z.number().int(), newly_assigned: z.number().int() }),
});
export type Desk = z.infer<typeof desk>;

export const overview = z.object({
  clients: z.number().int(),
  companies: z.number().int(),
  assets: z.number().int(),
  tickets_by_status: z.record(z.enum(TICKET_STATUSES), z.number().int()),
  open_by_priority: z.record(z.enum(PRIORITIES), z.number().int()),
  overdue_tickets: z.number().int(),
  unassigned_tickets: z.number().int(),
  tasks_pending: z.number().int(),
  tasks_overdue: z.number().int(),
  appointments_today: z.number().int(),
  appointments_week: z.number().int(),
  active_contracts: z.number().int(),
  expiring_contracts: z.array(contractRow),
  load: z.array(
    z.object({
      user_id: z.string(),
      full_name: z.string(),
      open_tickets: z.number().int(),
      overdue_tickets: z.number().int(),
      open_tasks: z.number().int(),
      appointments_week: z.number().int(),
      minutes_week: z.number().int(),
    }),
  ),
});
export type Overview = z.infer<typeof overview>;
