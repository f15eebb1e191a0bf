import { z } from 'zod';
import { planning, planningBody } from '../schedule/model.ts';
import { anyOf, date, listInput, ref, refFields, requiredText, rowFields, text, timestamp } from '../kernel/contract.ts';

export const APPOINTMENT_STATUSES = ['scheduled', 'completed', 'cancelled'] as const;
export type AppointmentStatus = (typeof APPOINTMENT_STATUSES)[number];

export const appointmentBody = z.object({
  title: requiredText(500),
  starts_at: timestamp,
  ends_at: timestamp.nullish(),
  /** Whole minutes; stored as `ends_at`. */
  duration_minutes: z.coerce.number().int().min(1).max(60 * 24 * 31).nullish(),
  status: z.enum(APPOINTMENT_STATUSES).optional(),
  assigned_to: ref.nullish(),
  ticket_id: ref.nullish(),
  address: text(500).nullish(),
  latitude: z.coerce.number().min(-90).max(90).nullish(),
  longitude: z.coerce.number().min(-180).max(180).nullish(),
  comment: text(20_000).nullish(),
  ...planningBody.shape,
});
export const appointmentInput = appointmentBody.extend({ client_id: ref });
export type AppointmentInput = z.infer<typeof appointmentInput>;

export const appointment = z.object({
  ...rowFields,
  ...refFields('client_id'),
  title: z.string(),
  starts_at: z.string(),
  ends_at: z.string(),
  duration_minutes: z.number().int(),
  status: z.enum(APPOINTMENT_STATUSES),
  ...refFields('assigned_to'),
  ...refFields('ticket_id'),
  address: z.string().nullable(),
  latitude: z.number().nullable(),
  longitude: z.number().nullable(),
  comment: z.string().nullable(),
  ...planning,
});
export type Appointment = z.infer<typeof appointment>;

export const appointmentFilters = z.object({
  ...listInput,
  limit: z.coerce.number().int().min(1).max(1000).default(50),
  sort: z.enum(['starts_at', '-starts_at', 'created_at', '-created_at']).default('starts_at'),
  status: anyOf(APPOINTMENT_STATUSES).optional(),
  client_id: ref.optional(),
  assigned_to: ref.optional(),
  ticket_id: ref.optional(),
  /** Appointments that touch the interval from (inclusive) – to (exclusive). */
  from: z.union([timestamp, date]).optional(),
  to: z.union([timestamp, date]).optional(),
});
