import { constants } from 'node:fs';
import { copyFile, link, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isSha256 } from '../../src-shared/attachments/rules.ts';
import { diskError, sizeOfFile } from './files.ts';

/** What a copy of contents did. */
export interface ContentCopy {
  /** Contents in the target afterwards, and their bytes. */
  contents: number;
  bytes: number;
  /** Of those, copied now; the others were there. */
  copied: number;
}

/**
 * Brings every content of one folder into another that lacks it: a hard link where both are on one disk, a copy otherwise. Contents never
 * change, so that what is there already needs no second look. @throws AppError STORE_UNAVAILABLE
 */
export async function copyContents(from: string, to: string): Promise<ContentCopy> {
  const done: ContentCopy = { contents: 0, bytes: 0, copied: 0 };
  for (const name of await contentsIn(from)) {
    const source = join(from, name);
    const target = join(to, name);
    const size = await sizeOfFile(source);
    if (size === null) continue;
    if ((await sizeOfFile(target)) !== size) {
      await bring(source, target);
      done.copied += 1;
    }
    done.contents += 1;
    done.bytes += size;
  }
  return done;
}

/** Whole under its name, or not there. */
async function bring(source: string, target: string): Promise<void> {
  const partial = `${target}.part`;
  try {
    await mkdir(dirname(target), { recursive: true, mode: 0o700 });
    await rm(partial, { force: true });
    await link(source, partial).catch(() => copyFile(source, partial, constants.COPYFILE_FICLONE));
    await rename(partial, target);
  } catch (error) {
    await rm(partial, { force: true });
    throw diskError(error, target);
  }
}

/** Contents below a folder, as paths relative to it; what is named otherwise is none. */
async function contentsIn(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw diskError(error, folder);
  });
  return names.filter((name) => {
    const [a, b, hash, ...rest] = name.split(/[\\/]/);
    return rest.length === 0 && isSha256(hash) && hash.startsWith(`${a}${b}`);
  });
}
