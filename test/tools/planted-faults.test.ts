import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';

// A check that finds nothing proves little. Here each of them is given a small project in order, which must pass, and then the same
// project with one fault in it, which must not.
const ROOT = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'polevik-planted-'));
let project = '';

const IN_ORDER: Record<string, string> = {
  'package.json': JSON.stringify({ name: 'planted', type: 'module', private: true }),
  'tsconfig.json': JSON.stringify({ compilerOptions: { strict: true, module: 'ESNext', moduleResolution: 'bundler', target: 'ES2023', noEmit: true, allowImportingTsExtensions: true, skipLibCheck: true, types: [] }, include: ['src-shared', 'src-main', 'src-renderer'] }),
  'src-shared/clients/model.ts': 'export const KINDS = [1];\n',
  'src-shared/clients/messages.ru.json': JSON.stringify({ new: 'Новый клиент', found_one: 'найден', found_few: 'найдено', found_many: 'найдено', found_other: 'найдено', other: 'Другой', merge_other: 'Вторая' }),
  'src-shared/clients/messages.en.json': JSON.stringify({ new: 'New client', found_one: 'found', found_other: 'found', other: 'Other', merge_other: 'The other one' }),
  'src-main/core/core.ts': "import { service } from '../clients/index.ts';\nimport { ENTITY } from '../clients/entity.ts';\nexport const core = [service, ENTITY];\n",
  'src-main/clients/index.ts': "export { service } from './service.ts';\n",
  'src-main/clients/service.ts': "import { KINDS } from '../../src-shared/clients/model.ts';\nexport const service = KINDS.length;\n",
  'src-main/clients/entity.ts': 'export const ENTITY = 1;\n',
  'src-main/tickets/service.ts': "import { service } from '../clients/index.ts';\nexport const tickets = service;\n",
  'src-main/shell/main.ts': "import { app } from 'electron';\nimport { core } from '../core/core.ts';\nexport const program = [app, core];\n",
  'src-renderer/app/main.ts': "import { KINDS } from '../../src-shared/clients/model.ts';\n// Русское слово в пояснении никому не мешает.\nexport const page = KINDS;\n",
};

function put(file: string, text: string): void {
  const path = join(project, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

beforeEach(() => {
  project = mkdtempSync(join(folder, 'project-'));
  for (const [file, text] of Object.entries(IN_ORDER)) put(file, text);
  symlinkSync(join(ROOT, 'node_modules'), join(project, 'node_modules'), 'junction');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Outcome {
  code: number | null;
  text: string;
}
function run(script: string, words: string[] = []): Outcome {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(ROOT, script), ...words], { cwd: project, encoding: 'utf8', env: { ...process.env, NO_COLOR: '1' } });
  return { code: status, text: stdout + stderr };
}
const lint = (): Outcome => {
  cpSync(join(ROOT, '.oxlintrc.json'), join(project, '.oxlintrc.json'));
  return run('node_modules/oxlint/bin/oxlint');
};

describe('the linter', () => {
  it('passes a project in order', () => expect(lint()).toMatchObject({ code: 0 }));

  it.each([
    ['src-shared that imports Node', 'src-shared/clients/model.ts', "import { readFileSync } from 'node:fs';\nexport const KINDS = readFileSync;\n", 'no-restricted-imports'],
    ['src-shared that imports a wing', 'src-shared/clients/model.ts', "export { ENTITY as KINDS } from '../../src-main/clients/entity.ts';\n", 'no-restricted-imports'],
    ['a page that imports the main side', 'src-renderer/app/main.ts', "export { core as page } from '../../src-main/core/core.ts';\n", 'no-restricted-imports'],
    ['a page that imports Node', 'src-renderer/app/main.ts', "export { readFileSync as page } from 'node:fs';\n", 'no-restricted-imports'],
    ['electron outside the shell', 'src-main/clients/service.ts', "import { app } from 'electron';\nexport const service = app;\n", 'no-restricted-imports'],
    ['somebody who imports the shell', 'src-main/core/core.ts', "export { program as core } from '../shell/main.ts';\n", 'no-restricted-imports'],
    ['a cycle', 'src-main/clients/entity.ts', "import { core } from '../core/core.ts';\nexport const ENTITY = () => core;\n", 'no-cycle'],
    ['any', 'src-main/clients/entity.ts', 'export const ENTITY = (value: any) => value;\n', 'no-explicit-any'],
    ['an ignored type fault', 'src-main/clients/entity.ts', `// @ts-${'ignore'}\nexport const ENTITY: number = 'one';\n`, 'ban-ts-comment'],
    ['a mark of unfinished work', 'src-main/clients/entity.ts', `// ${'TO'}${'DO'}: later\nexport const ENTITY = 1;\n`, 'no-warning-comments'],
    ['a file that is too long', 'src-main/clients/entity.ts', 'export const ENTITY = 1;\n'.concat(Array.from({ length: 401 }, (_, index) => `export const one${index} = ${index};\n`).join('')), 'max-lines'],
    ['a skipped test', 'src-main/clients/entity.test.ts', `import { it } from 'vitest';\nit.${'skip'}('later', () => {});\n`, 'no-disabled-tests'],
  ])('finds %s', (_fault, file, text, rule) => {
    put(file, text);
    const outcome = lint();
    expect(outcome.code).not.toBe(0);
    expect(outcome.text).toContain(rule);
  });
});

describe('the check of the rooms', () => {
  const rooms = (): Outcome => run('tools/boundaries.mjs', [project]);

  it('passes a project in order', () => expect(rooms()).toMatchObject({ code: 0 }));

  it.each([
    ['reaches past the index of another feature', 'src-main/tickets/service.ts', "import { service } from '../clients/service.ts';\nexport const tickets = service;\n"],
    ['reaches into another feature by import()', 'src-main/tickets/service.ts', "export const tickets = () => import('../clients/service.ts');\n"],
    ['re-exports from the inside of another feature', 'src-main/tickets/service.ts', "export { ENTITY as tickets } from '../clients/entity.ts';\n"],
    ['reaches into a feature from the core, past what it declares', 'src-main/core/core.ts', "export { service as core } from '../clients/service.ts';\n"],
    ['reaches into a feature of the page', 'src-renderer/app/main.ts', "export { Card as page } from '../clients/Card.tsx';\n"],
  ])('finds one that %s', (_fault, file, text) => {
    put(file, text);
    const outcome = rooms();
    expect(outcome.code).toBe(1);
    expect(outcome.text).toMatch(new RegExp(`${file}:1 reaches into`));
  });
});

describe('the check of the messages', () => {
  const messages = (): Outcome => run('tools/messages.mjs', [project]);
  const RU = 'src-shared/clients/messages.ru.json';

  it('passes a project in order', () => expect(messages()).toMatchObject({ code: 0 }));

  it.each([
    ['a key that one language lacks', 'src-shared/clients/messages.en.json', JSON.stringify({ found_one: 'found', found_other: 'found', other: 'Other', merge_other: 'The other one' }), /has new, the other language does not/],
    ['a plural form that is missing', RU, JSON.stringify({ new: 'Новый', found_one: 'найден', found_other: 'найдено', other: 'Другой', merge_other: 'Вторая' }), /lacks the forms few, many of found/],
    ['a sentence that says nothing', RU, JSON.stringify({ new: ' ', found_one: 'н', found_few: 'н', found_many: 'н', found_other: 'н', other: 'Д', merge_other: 'В' }), /says nothing for new/],
    ['a file without its twin', 'src-shared/tickets/messages.ru.json', '{}', /src-shared\/tickets\/messages.en.json is missing/],
    ['a word in the code of a page', 'src-renderer/app/main.ts', "export const page = 'Сохранить';\n", /src-renderer\/app\/main.ts:1 speaks by itself/],
  ])('finds %s', (_fault, file, text, said) => {
    put(file, text);
    const outcome = messages();
    expect(outcome.code).toBe(1);
    expect(outcome.text).toMatch(said);
  });
});

describe('the search for dead code', () => {
  const dead = (): Outcome => {
    put('knip.json', JSON.stringify({ entry: ['src-main/shell/main.ts', 'src-main/tickets/service.ts', 'src-renderer/app/main.ts'], project: ['src-*/**/*.ts'] }));
    put('package.json', JSON.stringify({ name: 'planted', type: 'module', private: true, dependencies: { electron: '1' } }));
    return run('node_modules/knip/bin/knip.js', ['--no-progress']);
  };

  it('passes a project in order', () => expect(dead()).toMatchObject({ code: 0 }));

  it('finds a file that nobody imports', () => {
    put('src-main/clients/forgotten.ts', 'export const forgotten = 1;\n');
    const outcome = dead();
    expect(outcome.code).not.toBe(0);
    expect(outcome.text).toContain('forgotten.ts');
  });

  it('finds an export that nobody imports', () => {
    put('src-main/clients/service.ts', 'export const service = 1;\nexport const unused = 2;\n');
    const outcome = dead();
    expect(outcome.code).not.toBe(0);
    expect(outcome.text).toContain('unused');
  });
});

it('the type check finds a wrong type', () => {
  const types = (): Outcome => run('node_modules/typescript/bin/tsc', ['-p', 'tsconfig.json']);
  put('src-main/shell/main.ts', "import { core } from '../core/core.ts';\nexport const program = core;\n");
  expect(types()).toMatchObject({ code: 0 });
  put('src-main/clients/entity.ts', "export const ENTITY: number = 'one';\n");
  const outcome = types();
  expect(outcome.code).not.toBe(0);
  expect(outcome.text).toContain('TS2322');
});
