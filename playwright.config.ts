import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: 'test',
  outputDir: 'test-results',
  timeout: 240_000,
  expect: { timeout: 30_000 },
  workers: 1,
  forbidOnly: true,
  use: { locale: 'ru-RU', timezoneId: 'Europe/Moscow', viewport: { width: 1280, height: 720 }, trace: 'retain-on-failure' },
  projects: [
    { name: 'e2e', testMatch: 'e2e/**/*.spec.ts' },
    { name: 'desktop', testMatch: 'desktop/**/*.spec.ts' },
    { name: 'installed', testMatch: 'installed/**/*.spec.ts' },
  ],
});
