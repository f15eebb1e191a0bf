import { AppError } from '../../../src-shared/kernel/errors.ts';
import { isRemoteAddress, type RemoteTool } from '../../../src-shared/remote-access/model.ts';
import { detect } from './detect.ts';
import type { Started, System } from './system.ts';
import { TOOLS } from './tools.ts';

/** The link that opens a session where the tool itself is not found; nothing but a checked address is in it. @throws AppError INVALID `remote_address` */
export function linkOf(tool: RemoteTool, address: string, build = 'standard'): string {
  if (!isRemoteAddress(address)) throw new AppError('INVALID', { field: 'address', detail: 'remote_address' });
  return TOOLS[tool].link(address, build);
}

/** Starts a tool towards an address. @returns the running program, or null where only the link is left. @throws AppError INVALID `remote_address` */
export async function startTool(system: System, tool: RemoteTool, address: string, configured?: string | null): Promise<{ started: Started | null; link: string }> {
  const plain = linkOf(tool, address);
  const installed = await detect(system, tool, configured);
  if (!installed) return { started: null, link: plain };
  const started = await system.start(installed.file, TOOLS[tool].connect(address));
  return { started, link: linkOf(tool, address, installed.build) };
}
