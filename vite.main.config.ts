import { existsSync, readFileSync } from 'node:fs';
import { defineConfig } from 'vite';
const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
const entries = Object.fromEntries(Object.entries({ polevik: 'src-main/cli/main.ts', 'core-process': 'src-main/core/process.ts', reader: 'src-main/core/reader.ts' }).filter(([, file]) => existsSync(file)));
export default defineConfig({
  publicDir: false,
  define: { __POLEVIK_VERSION__: JSON.stringify(version) },
  ssr: { noExternal: true, external: ['better-sqlite3', '@node-rs/argon2', 'electron'] },
  build: { ssr: true, target: 'node22', outDir: 'dist/main', emptyOutDir: true, minify: false, sourcemap: true, rollupOptions: { input: entries, output: { format: 'esm', entryFileNames: '[name].mjs', chunkFileNames: '[name]-[hash].mjs' } } },
});
