export { seedBench } from './bench.ts';
export type { SeedProgress, SeedOptions } from './bench.ts';
export { fillWithDemo, seedDemo } from './demo/demo.ts';
export { GENERATOR, sizesAt, totalOf, type Sizes } from './sizes.ts';
