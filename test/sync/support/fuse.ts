import type { OrganizationStore } from '../../../src-main/store/organization-store.ts';
import { AppError } from '../../../src-shared/kernel/errors.ts';

/** How many statements the copy's next exchange survives; null for all. */
export interface Fuse {
  left: number | null;
}

/** A store whose exchanges may end at any statement, as on a full disk. */
export function fused(store: OrganizationStore, fuse: Fuse): OrganizationStore {
  return new Proxy(store, {
    get: (target, name) => {
      if (name !== 'exchange') return Reflect.get(target, name) as unknown;
      const exchange: OrganizationStore['exchange'] = (work) =>
        target.exchange((db, touched) => {
          if (fuse.left === null) return work(db, touched);
          const run: typeof db.run = (sql, ...params) => {
            if (fuse.left !== null && fuse.left-- <= 0) throw new AppError('STORE_UNAVAILABLE', { detail: 'disk_full' });
            return db.run(sql, ...params);
          };
          return work({ ...db, run }, touched);
        });
      return exchange;
    },
  });
}
