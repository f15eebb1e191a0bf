import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { defineConfig } from 'vite';

const KEY_FILE = 'resources/update-key.pub';
const updateKeys = existsSync(KEY_FILE) ? readFileSync(KEY_FILE, 'utf8') : '';
const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
const THREADS = { reader: 'src-main/core/reader.ts', packer: 'src-main/store/packer.ts', 'solver-worker': 'src-main/schedule/solver/worker.ts' };

function benchmarks(): Record<string, string> {
  const files = existsSync('test/bench') ? readdirSync('test/bench').filter((name) => name.endsWith('.ts')) : [];
  return Object.fromEntries(files.map((name) => [basename(name, '.ts'), `test/bench/${name}`]));
}

/** Programs by the mode they are built in; each mode has a folder of its own in `dist/`. */
const OUTPUTS: Record<string, { folder: string; format: 'esm' | 'cjs'; entries: () => Record<string, string> }> = {
  main: { folder: 'main', format: 'esm', entries: () => ({ polevik: 'src-main/cli/main.ts', 'core-process': 'src-main/core/process.ts', ...THREADS }) },
  shell: { folder: 'shell', format: 'esm', entries: () => ({ main: 'src-main/shell/main.ts' }) },
  // A sandboxed preload script can only be CommonJS.
  preload: { folder: 'shell', format: 'cjs', entries: () => ({ preload: 'src-main/shell/preload.ts' }) },
  bench: { folder: 'bench', format: 'esm', entries: () => ({ ...benchmarks(), ...THREADS }) },
};

export default defineConfig(({ mode }) => {
  const output = OUTPUTS[mode];
  if (!output) throw new Error(`unknown mode ${mode}`);
  const ending = output.format === 'esm' ? 'mjs' : 'cjs';
  return {
    publicDir: false as const,
    define: { __POLEVIK_VERSION__: JSON.stringify(version), __POLEVIK_UPDATE_KEYS__: JSON.stringify(updateKeys) },
    ssr: { noExternal: true as const, external: ['better-sqlite3', '@node-rs/argon2', '@napi-rs/keyring', 'electron'] },
    build: {
      ssr: true,
      target: 'node22',
      outDir: `dist/${output.folder}`,
      emptyOutDir: mode !== 'preload',
      minify: false,
      sourcemap: true,
      rolldownOptions: { input: output.entries(), output: { format: output.format, entryFileNames: `[name].${ending}`, chunkFileNames: `[name]-[hash].${ending}` } },
    },
  };
});
