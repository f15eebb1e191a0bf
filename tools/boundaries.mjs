// The rooms of the house: a feature is entered through its index.ts only. What a linter's patterns can say (which wing may import
// which) stands in .oxlintrc.json; this needs to know whose room a file is in.
import { posix, resolve } from 'node:path';
import { filesUnder, importsOf, readSource, report } from './lib/sources.mjs';
import { ROOT } from './node.mjs';

/** Rooms that everyone in their wing stands on; all other folders are features. */
const GROUND = { 'src-main': ['core', 'store', 'server', 'cli', 'jobs', 'sync'], 'src-renderer': ['app', 'kit'] };
const DOOR = /^index\.tsx?$/;
/** What a feature declares of its rows; the register of entities in the ground rooms is built from these before any service exists. */
const DECLARATION = /^(entity|tables)\.ts$/;

/** Wing and room of a path, or null for what lies in no room. */
function roomOf(path) {
  const [wing, room, ...rest] = path.split('/');
  return wing in GROUND && rest.length > 0 ? { wing, room, feature: !GROUND[wing].includes(room), file: rest.join('/') } : null;
}

/** The faults of one file, as lines `path:line sentence`. */
function faultsOf(file, text) {
  const here = roomOf(file);
  return importsOf(text).flatMap(({ name, line }) => {
    if (!name.startsWith('.')) return [];
    const there = roomOf(posix.join(posix.dirname(file), name));
    if (!there?.feature || DOOR.test(there.file)) return [];
    if (here?.wing === there.wing && (here.room === there.room || (!here.feature && DECLARATION.test(there.file)))) return [];
    return [`${file}:${line} reaches into ${there.wing}/${there.room}/${there.file}; go through its index.ts`];
  });
}

const root = resolve(process.argv[2] ?? ROOT);
const files = Object.keys(GROUND)
  .flatMap((wing) => filesUnder(root, wing))
  .filter((file) => /\.tsx?$/.test(file));
report(
  'boundaries',
  files.flatMap((file) => faultsOf(file, readSource(root, file))),
  files.length,
);
