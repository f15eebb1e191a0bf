import type { ContractRouterClient } from '@orpc/contract';
import { createRouterClient } from '@orpc/server';
import type { Contract } from '../../../src-shared/contract.ts';
import type { CallContext } from '../../../src-main/core/call.ts';
import type { Core } from '../../../src-main/core/core.ts';
import { router } from '../../../src-main/core/router.ts';
import { localActor } from '../../../src-main/organizations/index.ts';

/** The contract in this very process, in the name of the organisation's owner. */
export function houseClient(core: Core): ContractRouterClient<Contract> {
  const context: CallContext = { house: core.house, door: 'cli', headers: {}, address: 'local', vouched: localActor(core.house), setCookie: () => {}, setHeader: () => {} };
  return createRouterClient(router, { context });
}
