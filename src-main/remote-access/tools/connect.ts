import { AppError } from '../../../src-shared/kernel/errors.ts';
import { isRemoteAddress, type RemoteTool } from '../../../src-shared/remote-access/model.ts';
import { detect } from './detect.ts';
import type { Started, System } from './system.ts';
import { TOOLS, type Installed } from './tools.ts';

/** The link that opens a session where the tool itself is not found; nothing but a checked address is in it. @throws AppError INVALID `remote_address` */
export function linkOf(tool: RemoteTool, address: string, build = 'standard'): string {
  if (!isRemoteAddress(address)) throw new AppError('INVALID', { field: 'address', detail: 'remote_address' });
  return TOOLS[tool].link(address, build);
}

/**
 * Starts a tool towards an address; a password goes in through its standard input.
 * @returns the running program, or null where only the link is left, with the build that was found
 * @throws AppError INVALID `remote_address`, `password_not_for_tool`; NOT_FOUND `password_wants_tool` where a password has nowhere to go
 */
export async function startTool(system: System, tool: RemoteTool, address: string, configured?: string | null, password: string | null = null): Promise<{ started: Started | null; link: string; installed: Installed | null }> {
  const plain = linkOf(tool, address);
  const kind = TOOLS[tool];
  if (password !== null && !kind.connectWithPassword) throw new AppError('INVALID', { field: 'address_id', detail: 'password_not_for_tool' });
  const installed = await detect(system, tool, configured);
  if (!installed) {
    if (password !== null) throw new AppError('NOT_FOUND', { field: 'address_id', detail: 'password_wants_tool' });
    return { started: null, link: plain, installed };
  }
  const started = await system.start(installed.file, password === null ? kind.connect(address) : (kind.connectWithPassword as NonNullable<typeof kind.connectWithPassword>)(address), password);
  return { started, link: linkOf(tool, address, installed.build), installed };
}
