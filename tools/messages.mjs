// What people read: both languages say the same things, Russian has every plural form, and no sentence hides in the code of a page.
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { filesUnder, readSource, report, withoutComments } from './lib/sources.mjs';
import { ROOT } from './node.mjs';

const PLURAL = /_(zero|one|two|few|many|other)$/;
const FORMS = { ru: ['one', 'few', 'many', 'other'], en: ['one', 'other'] };

/** All sentences of a file by their dotted key. */
function sentences(node, path = []) {
  if (typeof node === 'string') return [[path.join('.'), node]];
  return Object.entries(node).flatMap(([key, value]) => sentences(value, [...path, key]));
}

/** Keys with the plural forms they have; an ending means a plural only where a form other than `_other` stands beside it. */
function bases(entries) {
  const plural = new Set(entries.map(([key]) => key).filter((key) => PLURAL.test(key) && !key.endsWith('_other')).map((key) => key.replace(PLURAL, '')));
  const found = new Map();
  for (const [key] of entries) {
    const base = key.replace(PLURAL, '');
    if (!plural.has(base)) found.set(key, []);
    else found.set(base, [...(found.get(base) ?? []), PLURAL.exec(key)?.[1]]);
  }
  return found;
}

function faultsOfPair(root, ruFile, enFile) {
  const missing = [ruFile, enFile].filter((file) => !existsSync(join(root, file)));
  if (missing.length > 0) return missing.map((file) => `${file} is missing`);
  const entries = { [ruFile]: sentences(JSON.parse(readSource(root, ruFile))), [enFile]: sentences(JSON.parse(readSource(root, enFile))) };
  const ru = bases(entries[ruFile]);
  const en = bases(entries[enFile]);
  const faults = Object.entries(entries).flatMap(([file, list]) => list.filter(([, sentence]) => sentence.trim() === '').map(([key]) => `${file} says nothing for ${key}`));
  for (const [file, own, other] of [[ruFile, ru, en], [enFile, en, ru]]) {
    const language = file === ruFile ? 'ru' : 'en';
    for (const [key, forms] of own) {
      if (!other.has(key)) faults.push(`${file} has ${key}, the other language does not`);
      const lacking = forms.length > 0 ? FORMS[language].filter((form) => !forms.includes(form)) : [];
      if (lacking.length > 0) faults.push(`${file} lacks the forms ${lacking.join(', ')} of ${key}`);
    }
  }
  return faults;
}

function faultsOfPage(file, text) {
  return withoutComments(text)
    .split('\n')
    .flatMap((line, index) => (/[а-яё]{2}/i.test(line) ? [`${file}:${index + 1} speaks by itself; its words belong into a message file`] : []));
}

const root = resolve(process.argv[2] ?? ROOT);
const messages = filesUnder(root, 'src-shared').filter((file) => /\/messages\.\w+\.json$/.test(file));
const stems = [...new Set(messages.map((file) => file.replace(/\.\w+\.json$/, '')))];
const pages = filesUnder(root, 'src-renderer').filter((file) => /\.tsx?$/.test(file));
report('messages', [...stems.flatMap((stem) => faultsOfPair(root, `${stem}.ru.json`, `${stem}.en.json`)), ...pages.flatMap((file) => faultsOfPage(file, readSource(root, file)))], messages.length + pages.length);
