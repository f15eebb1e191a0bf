import { z } from 'zod';
import { command, query, ref, text } from '../kernel/contract.ts';
import { crud } from '../kernel/crud.ts';
import { remoteAccess, remoteAddress, remoteAddressFilters, remoteAddressInput, remoteFailure, remotePickUp, remoteReport, remoteSession, remoteSessionFilters, remoteSessionInput } from './model.ts';

const tags = ['remote-access'];
const month = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/);
const ofMonth = z.object({ month, client_id: ref.optional() });

export const remoteMonth = z.object({
  month: z.string(),
  minutes: z.number().int(),
  clients: z.array(z.object({ client_id: z.string(), client_name: z.string().nullable(), minutes: z.number().int(), sessions: z.array(remoteSession) })),
});
export type RemoteMonth = z.infer<typeof remoteMonth>;

export const remoteAccessContract = {
  ofClient: query('base.read').route({ method: 'GET', path: '/clients/{id}/remote-access', tags, summary: 'Tool and address of a client’s remote desktop' }).input(z.object({ id: ref })).output(remoteAccess),
  sync: command('base.write', { timeout: 180_000 })
    .route({ method: 'POST', path: '/clients/{id}/remote-access/sync', tags, summary: 'Read the address anew: here where this is the client’s machine, otherwise by a request that its installation answers' })
    .input(z.object({ id: ref }))
    .output(remoteAccess),
  report: command('base.write')
    .route({ method: 'POST', path: '/clients/{id}/remote-access/report', tags, summary: 'A machine tells its address, or why it has none' })
    .input(z.object({ id: ref, report: z.union([remoteReport, remoteFailure, remotePickUp]) }))
    .output(remoteAccess),
  connect: command('work.write')
    .route({ method: 'POST', path: '/remote-access/connect', tags, summary: 'Start the tool on this machine and open a session record' })
    .input(z.object({ address_id: ref, ticket_id: ref.optional(), /** With the password that this machine's vault holds. */ with_password: z.boolean().optional() }))
    .output(z.object({ session: remoteSession, started: z.enum(['tool', 'link']), link: z.string() })),
  find: query('base.read', { timeout: 10_000 })
    .route({ method: 'GET', path: '/remote-access/find', tags, summary: 'Addresses by words of the client or asset, or by digits' })
    .input(z.object({ q: z.string().trim().min(1).max(200) }))
    .output(z.object({ items: z.array(remoteAddress) })),
  setPassword: command('work.write')
    .route({ method: 'PUT', path: '/remote-addresses/{id}/password', tags, summary: 'Keep the password of an address in the vault of this machine’s operating system' })
    .input(z.object({ id: ref, password: z.string().min(1).max(200).refine((value) => !/[\r\n\0]/.test(value), { params: { detail: 'password_one_line' } }) }))
    .output(remoteAccess),
  forgetPassword: command('work.write').route({ method: 'DELETE', path: '/remote-addresses/{id}/password', tags, summary: 'Take the password out of the vault' }).input(z.object({ id: ref })).output(remoteAccess),
  finish: command('work.write')
    .route({ method: 'POST', path: '/remote-access/sessions/{id}/finish', tags, summary: 'Say what was done: the session becomes a time entry' })
    .input(z.object({ id: ref, summary: text(500).min(1), minutes: z.coerce.number().int().min(1).max(1_440).optional() }))
    .output(remoteSession),
  month: query('work.read').route({ method: 'GET', path: '/remote-access/month', tags, summary: 'Sessions of a month by client' }).input(ofMonth).output(remoteMonth),
  monthFile: query('work.read').route({ method: 'GET', path: '/remote-access/month.csv', tags, summary: 'The same as a table' }).input(ofMonth).output(z.file()),
};

export const remoteAddressesContract = crud({ path: '/remote-addresses', title: 'Remote addresses', row: remoteAddress, create: remoteAddressInput, filters: remoteAddressFilters, read: 'base.read', write: 'base.write', remove: 'base.write' });
export const remoteSessionsContract = crud({ path: '/remote-sessions', title: 'Remote sessions', row: remoteSession, create: remoteSessionInput, filters: remoteSessionFilters, read: 'work.read', write: 'work.write', remove: 'work.write' });
