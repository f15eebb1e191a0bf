import { defineConfig } from 'vitest/config';

/** Programs for Windows, run on Windows or under wine: one after the other, since they share a prefix. */
export default defineConfig({
  test: { include: ['test/windows/**/*.test.ts'], globalSetup: 'test/windows/setup.ts', testTimeout: 180_000, hookTimeout: 300_000, pool: 'forks', maxWorkers: 1 },
});
