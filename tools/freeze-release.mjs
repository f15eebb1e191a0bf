// npm run freeze: keeps a small data folder of this release under test/fixtures/releases, for every later version to open in its tests.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from './lib/parts.mjs';
import { ensureNode, ROOT } from './node.mjs';

await ensureNode();
const code = await build(['main']);
if (code !== 0) process.exit(code);
const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
const target = join(ROOT, 'test', 'fixtures', 'releases', version);
if (existsSync(target)) {
  console.error(`${version} is frozen already; what was released does not change.`);
  process.exit(1);
}
const work = mkdtempSync(join(tmpdir(), 'polevik-freeze-'));
const run = (words, env = {}) => execFileSync(process.execPath, [join(ROOT, 'dist/main/polevik.mjs'), ...words, '--data-dir', work], { env: { ...process.env, ...env }, stdio: ['ignore', 'ignore', 'inherit'] });
try {
  run(['init-db'], { ADMIN_EMAIL: 'owner@example.ru', ADMIN_PASSWORD: 'длинный пароль 12', ADMIN_NAME: 'Ольга Хозяйкина', ADMIN_ORGANIZATION: 'Север' });
  for (const sample of readdirSync(join(ROOT, 'resources', 'samples')).filter((name) => name.endsWith('.csv'))) run(['import-amo', '--csv', join(ROOT, 'resources', 'samples', sample)]);
  mkdirSync(target, { recursive: true });
  const [organization] = readdirSync(join(work, 'organizations')).filter((name) => name.endsWith('.sqlite'));
  writeFileSync(join(target, 'organization.sqlite.gz'), gzipSync(readFileSync(join(work, 'organizations', organization)), { level: 9 }));
  writeFileSync(join(target, 'directory.sqlite.gz'), gzipSync(readFileSync(join(work, 'directory.sqlite')), { level: 9 }));
} finally {
  rmSync(work, { recursive: true, force: true });
}
