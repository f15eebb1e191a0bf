import { crud } from '../kernel/crud.ts';
import { asset, assetFilters, assetInput } from './model.ts';

export const assetsContract = crud({ path: '/assets', title: 'Assets', row: asset, create: assetInput, filters: assetFilters, read: 'base.read', write: 'base.write', remove: 'base.delete' });
