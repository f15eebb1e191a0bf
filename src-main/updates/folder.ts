import { constants, readdirSync, readFileSync, type Stats } from 'node:fs';
import { lstat, open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { FEED_NAME, MAX_FEED_BYTES, MAX_SIGNATURE_BYTES, SIGNATURE_ENDING, type FeedFault } from '../../src-shared/updates/model.ts';
import { FeedError, sha512Of, sha512OfFile, verifyFeed, type VerifiedFeed } from './feed.ts';

/** Why a feed of the folder is not served. */
export interface FolderProblem {
  /** Feed or file at fault; empty for the folder as a whole. */
  file: string;
  fault: FeedFault | 'no_key' | 'no_folder' | 'no_feed' | 'file_missing' | 'file_differs' | 'too_large';
}

/** A file that may be handed out, as it was when it was checked. */
interface ServedFile {
  path: string;
  size: number;
  sha512: string;
  stamp: string;
}

/** What the hub serves: only what a signed feed names, and only as long as it is what the feed says. */
export interface Catalogue {
  feeds: readonly VerifiedFeed[];
  problems: readonly FolderProblem[];
}

export interface UpdatesFolder {
  readonly path: string;
  /** Looks whether anything has changed, and checks it anew then. */
  look(): Promise<Catalogue>;
  /** Opens a file for reading; null for every name that is not to be had. The caller closes it. */
  open(name: string): Promise<{ handle: FileHandle; size: number; sha512: string } | null>;
}

const stampOf = (found: Stats): string => `${found.ino}:${found.size}:${found.mtimeMs}`;
/** A burst of requests looks at the folder once. */
const LOOK_AGAIN_MS = 1_000;

/** The folder of updates at `path`, checked with the publisher's public keys. */
export function createUpdatesFolder(path: string, keys: readonly string[], told: (problem: FolderProblem) => void): UpdatesFolder {
  let signature: string | null = null;
  let files = new Map<string, ServedFile>();
  let catalogue: Catalogue = { feeds: [], problems: [] };
  let lookedAt = 0;
  let looking: Promise<Catalogue> | null = null;
  /** Digests of files that have not changed are kept: an installer is long. */
  const known = new Map<string, string>();

  /** A plain file of the folder itself; a link could lead anywhere. */
  async function plainFile(name: string): Promise<Stats | null> {
    const found = await lstat(join(path, name)).catch(() => null);
    return found?.isFile() ? found : null;
  }
  async function digestOf(name: string, found: Stats): Promise<string> {
    const stamp = `${name}:${stampOf(found)}`;
    const sha512 = known.get(stamp) ?? (await sha512OfFile(join(path, name)));
    known.set(stamp, sha512);
    return sha512;
  }
  async function readSmall(name: string, max: number): Promise<Buffer | FolderProblem> {
    const found = await plainFile(name);
    if (!found) return { file: name, fault: name.endsWith(SIGNATURE_ENDING) ? 'unsigned' : 'file_missing' };
    return found.size > max ? { file: name, fault: 'too_large' } : readFileSync(join(path, name));
  }

  async function checkFeed(name: string, into: Map<string, ServedFile>): Promise<VerifiedFeed | FolderProblem> {
    const bytes = await readSmall(name, MAX_FEED_BYTES);
    const sealed = await readSmall(name + SIGNATURE_ENDING, MAX_SIGNATURE_BYTES);
    if (!Buffer.isBuffer(bytes)) return bytes;
    if (!Buffer.isBuffer(sealed)) return sealed;
    let feed: VerifiedFeed;
    try {
      feed = verifyFeed(name, bytes, sealed, keys);
    } catch (error) {
      if (error instanceof FeedError) return { file: name, fault: error.fault };
      throw error;
    }
    const found = new Map<string, ServedFile>();
    for (const file of feed.statement.files) {
      const stats = await plainFile(file.name);
      if (!stats) return { file: file.name, fault: 'file_missing' };
      if (stats.size !== file.size || (await digestOf(file.name, stats)) !== file.sha512) return { file: file.name, fault: 'file_differs' };
      found.set(file.name, { path: join(path, file.name), size: file.size, sha512: file.sha512, stamp: stampOf(stats) });
    }
    for (const [own, content] of [[name, bytes], [name + SIGNATURE_ENDING, sealed]] as const) {
      const stats = await plainFile(own);
      if (stats) found.set(own, { path: join(path, own), size: content.length, sha512: sha512Of(content), stamp: stampOf(stats) });
    }
    for (const [own, file] of found) into.set(own, file);
    return feed;
  }

  /** What the folder looks like from outside; a change of it is a reason to check. */
  async function outline(): Promise<string | null> {
    let names: string[];
    try {
      names = readdirSync(path).sort();
    } catch {
      return null;
    }
    const lines = await Promise.all(names.map(async (name) => `${name}:${stampOf(await lstat(join(path, name)).catch(() => ({ ino: 0, size: 0, mtimeMs: 0 }) as Stats))}`));
    return lines.join('\n');
  }

  async function check(): Promise<Catalogue> {
    const seen = await outline();
    lookedAt = Date.now();
    if (seen !== null && seen === signature) return catalogue;
    const served = new Map<string, ServedFile>();
    const feeds: VerifiedFeed[] = [];
    const problems: FolderProblem[] = [];
    const names = seen === null ? [] : readdirSync(path).filter((name) => FEED_NAME.test(name)).sort();
    if (keys.length === 0) problems.push({ file: '', fault: 'no_key' });
    else if (seen === null) problems.push({ file: '', fault: 'no_folder' });
    else if (names.length === 0) problems.push({ file: '', fault: 'no_feed' });
    else
      for (const name of names) {
        // A file that cannot be read is as good as none.
        const result = await checkFeed(name, served).catch((): FolderProblem => ({ file: name, fault: 'file_missing' }));
        if ('fault' in result) problems.push(result);
        else feeds.push(result);
      }
    if (JSON.stringify(problems) !== JSON.stringify(catalogue.problems)) for (const problem of problems) told(problem);
    signature = seen;
    files = served;
    catalogue = { feeds, problems };
    return catalogue;
  }

  async function look(): Promise<Catalogue> {
    if (looking) return looking;
    if (signature !== null && Date.now() - lookedAt < LOOK_AGAIN_MS) return catalogue;
    looking = check().finally(() => (looking = null));
    return looking;
  }

  return {
    path,
    look,
    open: async (name) => {
      await look();
      const file = files.get(name);
      if (!file) return null;
      const handle = await open(file.path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0)).catch(() => null);
      if (!handle) return null;
      // Exchanged since it was checked: it is somebody else's file until the folder has been looked through again.
      if (stampOf(await handle.stat()) === file.stamp) return { handle, size: file.size, sha512: file.sha512 };
      await handle.close();
      signature = null;
      return null;
    },
  };
}
