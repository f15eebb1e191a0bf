import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Paths of all files under a folder of the project, with `/` between parts, in a fixed order. */
export function filesUnder(root, folder) {
  const full = join(root, folder);
  if (!existsSync(full)) return [];
  if (statSync(full).isFile()) return [folder];
  return readdirSync(full)
    .sort()
    .flatMap((name) => filesUnder(root, `${folder}/${name}`));
}

const IMPORT = /(?:\bfrom\s*|\bimport\s*\(?\s*|\brequire\s*\(\s*)(['"])([^'"\n]+)\1/g;
const COMMENT = /\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/[^\n]*/g;

/** A source text without its comments, lines kept. */
export const withoutComments = (text) => text.replace(COMMENT, (comment) => comment.replace(/[^\n]/g, ' '));

/** What a source file imports, each with its line: static, dynamic and type imports, re-exports and `require`. */
export function importsOf(text) {
  const code = withoutComments(text);
  return [...code.matchAll(IMPORT)].map((match) => ({ name: match[2], line: code.slice(0, match.index).split('\n').length }));
}

export const readSource = (root, file) => readFileSync(join(root, file), 'utf8');

/** Prints what a check found, one fault a line, and ends with 1 where there is any. */
export function report(name, faults, checked) {
  for (const fault of faults) console.error(fault);
  console.log(faults.length === 0 ? `${name}: ${checked} files in order` : `${name}: ${faults.length} faults in ${checked} files`);
  process.exitCode = faults.length === 0 ? 0 : 1;
}
