import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
    exclude: ['test/e2e/**', 'test/desktop/**', 'test/windows/**', 'node_modules/**'],
    testTimeout: 120_000,
    hookTimeout: 240_000,
    // A busy machine is no fault of a program: what is waited for fails by its absence, not by the clock.
    expect: { poll: { timeout: 30_000 } },
    pool: 'forks',
    maxWorkers: 2,
  },
});
