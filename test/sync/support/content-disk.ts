import { open } from 'node:fs/promises';
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { basename, join } from 'node:path';
import { createContents, type Contents } from '../../../src-main/attachments/contents.ts';
import type { OpenFile } from '../../../src-main/attachments/files.ts';
import type { OrganizationStore } from '../../../src-main/store/organization-store.ts';
import { isSha256 } from '../../../src-shared/attachments/rules.ts';
import { AppError } from '../../../src-shared/kernel/errors.ts';
import type { Copy, WorldTime } from './copies.ts';

/** The machine is gone in the middle of its work. */
export class Died extends Error {}

/** The folder of one copy's contents on a disk that may be full, or take its machine with it. */
export class ContentDisk {
  readonly folder: string;
  readonly #copy: Copy;
  readonly #time: WorldTime;
  #contents: Contents | null = null;
  #opened: OrganizationStore | null = null;
  /** Writes that the disk survives; null for all. */
  #left: number | null = null;
  #dies = false;
  #silently: (() => void) | null = null;
  dead = false;
  /** Rows of files have changed, so that contents without one are looked for. */
  sweepDue = false;

  constructor(copy: Copy, folder: string, time: WorldTime) {
    this.#copy = copy;
    this.folder = folder;
    this.#time = time;
  }

  /** As the program has them: looked through whenever the copy's file has been opened. */
  get contents(): Contents {
    this.#contents ??= createContents({ folder: this.folder, clock: { now: () => this.now() }, store: () => this.store, openFile: this.#open });
    if (this.#opened !== this.#copy.store) {
      this.#opened = this.#copy.store;
      this.#contents.adopt();
      this.#copy.store.onCommit(({ entities }) => {
        this.sweepDue ||= entities.includes('attachments');
      });
    }
    return this.#contents;
  }
  /** The copy's store, whose local tables end where the disk does. */
  get store(): OrganizationStore {
    const { store } = this.#copy;
    const local: OrganizationStore['local'] = {
      run: (sql, ...params) => {
        if (this.#isOver()) throw this.dead ? new Died('died') : new AppError('STORE_UNAVAILABLE', { detail: 'disk_full' });
        return store.local.run(sql, ...params);
      },
      transaction: (work) => store.local.transaction(work),
    };
    return new Proxy(store, { get: (target, name) => (name === 'local' ? local : (Reflect.get(target, name) as unknown)) });
  }
  now(): number {
    return this.#time.now + this.#copy.skew;
  }

  /** Lets the disk be full, or the machine die, after so many writes. With `silently` work stands still at a write, as nothing is tidied up after a death. */
  trouble(left: number, dies: boolean, silently: (() => void) | null = null): void {
    this.#left = left;
    this.#dies = dies;
    this.#silently = silently;
  }
  /** All is well again; after a death the program has forgotten what it had in memory. */
  recover(): void {
    this.#left = null;
    this.#silently = null;
    if (this.dead) this.restart();
    this.dead = false;
  }
  /** The program forgets what it had in memory, and looks through the folder. */
  restart(): void {
    this.#contents = null;
    this.#opened = null;
  }
  #isOver(): boolean {
    if (this.dead) return true;
    if (this.#left === null || this.#left-- > 0) return false;
    this.#left = null;
    this.dead = this.#dies;
    return true;
  }
  #end(): Error {
    return this.dead ? new Died('died') : Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
  }
  readonly #open: OpenFile = async (path, flags, mode) => {
    if (this.#isOver()) throw this.#end();
    const handle = await open(path, flags, mode);
    /** Half of it is on the disk. */
    const write = async (bytes: Uint8Array, offset: number, length: number, position: number): Promise<{ bytesWritten: number }> => {
      if (!this.#isOver()) return handle.write(bytes, offset, length, position);
      await handle.write(bytes, offset, Math.floor(length / 2), position);
      if (!this.dead || !this.#silently) throw this.#end();
      await handle.close();
      this.#silently();
      return new Promise<never>(() => {});
    };
    const close = async (): Promise<void> => {
      // Files are as old as this world says.
      const at = this.now() / 1000;
      await handle.utimes(at, at);
      await handle.close();
    };
    return new Proxy(handle, {
      get: (target, name) => {
        if (name === 'write') return write;
        if (name === 'close') return close;
        const value = Reflect.get(target, name) as unknown;
        return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      },
    });
  };

  #files(): string[] {
    return existsSync(this.folder) ? readdirSync(this.folder, { recursive: true, encoding: 'utf8' }).map((name) => join(this.folder, name)).filter((file) => statSync(file).isFile()) : [];
  }
  /** Hashes of the contents that lie whole in their places. */
  whole(): Set<string> {
    return new Set(this.#files().filter((file) => createHash('sha256').update(readFileSync(file)).digest('hex') === basename(file)).map((file) => basename(file)));
  }
  /** Hashes that files here are named after. */
  named(): Set<string> {
    return new Set(this.#files().map((file) => basename(file)).filter(isSha256));
  }
  /** Files on their way in, and those under a hash that is not theirs or that nothing names. */
  leftovers(named: ReadonlySet<string>): string[] {
    const whole = this.whole();
    return this.#files().map((file) => basename(file)).filter((name) => !name.endsWith('.damaged') && !(whole.has(name) && named.has(name)));
  }
  has(sha256: string): boolean {
    return existsSync(this.contents.pathOf(sha256));
  }
  /** A bit of a content flips, and nobody is told. */
  rot(sha256: string): void {
    const bytes = readFileSync(this.contents.pathOf(sha256));
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] as number) ^ 1;
    writeFileSync(this.contents.pathOf(sha256), bytes);
  }

  copyTo(folder: string): void {
    if (existsSync(this.folder)) cpSync(this.folder, folder, { recursive: true, preserveTimestamps: true });
  }
  /** The folder as another one was; without one it is empty. */
  putBack(folder: string | null): void {
    rmSync(this.folder, { recursive: true, force: true });
    if (folder !== null && existsSync(folder)) cpSync(folder, this.folder, { recursive: true, preserveTimestamps: true });
    this.restart();
  }
}
