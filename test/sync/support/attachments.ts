import { createCipheriv, createHash } from 'node:crypto';
import { join } from 'node:path';
import { pino } from 'pino';
import { attach, removeAttachment, renameAttachment } from '../../../src-main/attachments/service.ts';
import { beginUpload, finishUpload, takePart } from '../../../src-main/attachments/uploads.ts';
import { appointments } from '../../../src-main/appointments/service.ts';
import { assets } from '../../../src-main/assets/service.ts';
import { clients } from '../../../src-main/clients/service.ts';
import type { Session } from '../../../src-main/core/session.ts';
import { createRandom, type Random } from '../../../src-main/seed/random.ts';
import { articles } from '../../../src-main/knowledge/index.ts';
import { carryContents } from '../../../src-main/sync/wire/courier.ts';
import { tickets } from '../../../src-main/tickets/service.ts';
import { restoreRow } from '../../../src-main/trash/restore.ts';
import { OWNER_ENTITIES, type AttachmentOwner } from '../../../src-shared/attachments/model.ts';
import { AppError } from '../../../src-shared/kernel/errors.ts';
import { ContentDisk, Died } from './content-disk.ts';
import { ContentLedger } from './content-ledger.ts';
import { hubSides, LINE_FAULTS, openLine } from './content-line.ts';
import type { Copy, World } from './copies.ts';
import { memberAt } from './edits.ts';
import type { Device } from './traffic.ts';

/** How many runs have files at all, and how often something happens to them there after a step. */
const RUNS = 0.08;
const STEPS = 0.3;
const ACTIONS = { attach: 7, upload: 4, carry: 14, sweep: 2, daily: 2, remove: 2, removeOwner: 1.5, restore: 1.5, purge: 2, rename: 0.5, rot: 0.7 } as const;
type Action = keyof typeof ACTIONS;
/** What becomes of the folder when the file of a copy is put back: it stands as it was then, as it is now, or it is gone. */
const FOLDERS = { former: 3, present: 3, gone: 1 } as const;
const SIZES = { tiny: 3, small: 5, middle: 3, large: 0.1 } as const;
const MIB = 1024 * 1024;
const MAX_ROUNDS = 7;
const ASKED_AGAIN_MS = 24 * 60 * 60_000;
/** Longer than anything is kept, also by clocks that were the furthest ahead. */
const LATER_MS = 16_100 * 86_400_000;
const LOG = pino({ level: 'silent' });

interface Parts {
  seed: number;
  world: World;
  devices: readonly Device[];
  /** Rows, there and back. */
  exchange(device: Device): void;
  fault(text: string): void;
}
/** A file that somebody is adding piece by piece. */
interface Upload {
  copy: Copy;
  user: string;
  id: string;
  bytes: Buffer<ArrayBuffer>;
}

/** Files on rows, with their contents on each copy's disk and on the line to the hub: a random stream of their own, so that runs without them stay as they were. */
export class Attachments {
  readonly #random: Random;
  readonly #seed: number;
  readonly #world: World;
  readonly #devices: readonly Device[];
  readonly #ledger: ContentLedger;
  readonly #disks = new Map<Copy, ContentDisk>();
  readonly #images = new Map<Copy, string>();
  readonly #made: Buffer<ArrayBuffer>[] = [];
  readonly #uploads: Upload[] = [];
  readonly #exchange: (device: Device) => void;
  readonly #fault: (text: string) => void;
  #folders = 0;
  #isNested = false;

  private constructor(random: Random, { seed, world, devices, exchange, fault }: Parts) {
    this.#random = random;
    this.#seed = seed;
    this.#world = world;
    this.#devices = devices;
    this.#exchange = exchange;
    this.#fault = fault;
    this.#ledger = new ContentLedger({ hub: world.hub, copies: () => this.#copies, diskOf: (copy) => this.#disk(copy), fault });
    hubSides.set(world.folder, { contents: () => this.#disk(world.hub).contents, isKnown: (sha256, size) => world.hub.store.read.get('SELECT 1 FROM attachments WHERE sha256 = ? AND size = coalesce(?, size)', sha256, size) !== undefined });
  }
  /** @returns null for a run without files */
  static forRun(parts: Parts): Attachments | null {
    const random = createRandom(parts.seed ^ 0x3c6ef372);
    return random.chance(RUNS) ? new Attachments(random, parts) : null;
  }
  close(): void {
    hubSides.delete(this.#world.folder);
  }

  get #hub(): Copy {
    return this.#world.hub;
  }
  get #copies(): Copy[] {
    return [this.#hub, ...this.#devices.map(({ copy }) => copy)];
  }
  #disk(copy: Copy): ContentDisk {
    const disk = this.#disks.get(copy) ?? new ContentDisk(copy, this.#folder(), this.#world.time);
    this.#disks.set(copy, disk);
    return disk;
  }
  #folder(): string {
    return join(this.#world.folder, `contents-${++this.#folders}`);
  }

  /** After a step of the run: perhaps something with files. @returns what, for the trace */
  async step(): Promise<string | null> {
    // Opened again, a copy looks through its folder at once.
    for (const copy of this.#copies) if (this.#disk(copy).contents && this.#disk(copy).sweepDue && this.#random.chance(0.3)) this.#ledger.sweep(copy, false);
    if (!this.#random.chance(STEPS)) return null;
    this.#ledger.look();
    const action = this.#random.weighted(ACTIONS);
    const device = this.#random.pick(this.#devices);
    const copy = this.#random.chance(0.15) ? this.#hub : device.copy;
    const note = await this.#run(action, copy, device);
    this.#ledger.look();
    return `files ${action} ${action === 'carry' ? device.copy.name : action === 'purge' ? 'hub' : copy.name} ${note}`;
  }
  #run(action: Action, copy: Copy, device: Device): Promise<string> {
    switch (action) {
      case 'attach':
        return this.#attach(copy);
      case 'upload':
        return this.#upload(copy);
      case 'carry':
        // As a rule contents go behind the rows.
        if (this.#random.chance(0.5)) this.#exchange(device);
        return this.#carry(device, true, true);
      case 'sweep':
        return Promise.resolve(this.#ledger.sweep(copy, false));
      case 'daily':
        return Promise.resolve(this.#ledger.sweep(copy, true));
      case 'rot':
        return Promise.resolve(this.#ledger.rot(copy, this.#random));
      case 'purge':
        return this.#purge();
      case 'remove':
        return this.#withFile(copy, 'deleted_at IS NULL', (session, { id }) => removeAttachment(session, id));
      case 'restore':
        return this.#withFile(copy, 'deleted_at IS NOT NULL', (session, { id }) => restoreRow(session, 'attachments', id));
      case 'rename':
        return this.#withFile(copy, 'deleted_at IS NULL', (session, { id }) => renameAttachment(session, id, { file_name: `${this.#random.digits(3)}.pdf` }));
      case 'removeOwner':
        return this.#withFile(copy, 'deleted_at IS NULL', (session, { entity, row_id }) => ({ tickets, appointments, assets, articles })[entity].remove(session, row_id));
    }
  }

  // What people do.
  #session(copy: Copy): Session | null {
    const member = copy === this.#hub ? this.#random.pick(Object.keys(this.#world.people)) : (this.#devices.find((one) => one.copy === copy)?.member ?? '');
    return this.#sessionOf(copy, this.#world.people[member]?.user_id ?? '');
  }
  #sessionOf(copy: Copy, user: string): Session | null {
    const actor = memberAt(copy, user);
    return actor && { ...copy.session(actor), store: this.#disk(copy).store };
  }
  async #withFile(copy: Copy, where: string, work: (session: Session, file: { id: string; entity: AttachmentOwner; row_id: string }) => unknown): Promise<string> {
    const files = copy.store.read.all<{ id: string; entity: AttachmentOwner; row_id: string }>(`SELECT id, entity, row_id FROM attachments WHERE ${where} ORDER BY rid`);
    const session = this.#session(copy);
    if (files.length === 0 || !session) return 'nothing';
    const file = this.#random.pick(files);
    return answered(() => work(session, file));
  }
  /** For good, which is the owner's alone and the authority's. */
  async #purge(): Promise<string> {
    const session = this.#sessionOf(this.#hub, this.#world.people['Ольга']?.user_id ?? '');
    const [file] = this.#hub.store.read.all<{ id: string; deleted_at: string | null }>('SELECT id, deleted_at FROM attachments ORDER BY deleted_at IS NULL, rid LIMIT 1');
    if (!session || !file || !this.#hub.store.isAuthority()) return 'nothing';
    return answered(() => {
      if (!file.deleted_at) removeAttachment(session, file.id);
      session.mutate((tx) => tx.purge('attachments', file.id));
    });
  }
  /** A content that nobody has yet, or the same as somebody's. */
  #bytes(): Buffer<ArrayBuffer> {
    if (this.#made.length > 0 && this.#random.chance(0.25)) return this.#random.pick(this.#made);
    const kind = this.#random.weighted(SIZES);
    const size = kind === 'tiny' ? this.#random.int(1, 64) : kind === 'small' ? this.#random.int(65, 1_500) : kind === 'middle' ? this.#random.int(1_501, 5_000) : this.#random.int(MIB, MIB + 9_000);
    const key = createHash('sha256').update(`${this.#seed} ${this.#made.length}`).digest();
    const bytes = Buffer.from(createCipheriv('aes-256-ctr', key, key.subarray(0, 16)).update(Buffer.alloc(size)));
    this.#made.push(bytes);
    return bytes;
  }
  /** A row that takes files; where there is none, somebody makes one. */
  #owner(copy: Copy, session: Session): { entity: AttachmentOwner; row_id: string } {
    const rows = OWNER_ENTITIES.flatMap((entity) => copy.store.read.all<{ id: string }>(`SELECT id FROM ${entity} WHERE deleted_at IS NULL ORDER BY rid`).map(({ id }) => ({ entity, row_id: id })));
    if (rows.length > 0) return this.#random.pick(rows);
    const [client] = copy.store.read.all<{ id: string }>('SELECT id FROM clients WHERE deleted_at IS NULL ORDER BY rid LIMIT 1');
    const client_id = client?.id ?? clients.create(session, { name: 'Щит' }).id;
    return { entity: 'tickets', row_id: tickets.create(session, { client_id, subject: 'Снимок' }).id };
  }
  async #attach(copy: Copy): Promise<string> {
    const session = this.#session(copy);
    if (!session) return 'nobody';
    const bytes = this.#bytes();
    const disk = this.#disk(copy);
    const piece = this.#random.int(50, 3_000);
    const died = new Promise<never>((_, fail) => {
      if (this.#random.chance(0.15)) disk.trouble(this.#random.int(0, 5), this.#random.chance(0.7), () => fail(new Died('died')));
    });
    return this.#working(copy, async () => {
      await Promise.race([attach(session, disk.contents, { ...this.#owner(copy, session), file_name: `снимок ${bytes.length}.jpg` }, inPieces(bytes, Math.max(piece, bytes.length >> 3))), died]);
      this.#ledger.added(copy, hashOf(bytes));
    });
  }
  /** The next pieces of an upload, or the first of a new one. */
  async #upload(copy: Copy): Promise<string> {
    const known = this.#uploads.find((one) => one.copy === copy);
    const session = known ? this.#sessionOf(copy, known.user) : this.#session(copy);
    if (!session) return 'nobody';
    const disk = this.#disk(copy);
    if (this.#random.chance(0.2)) disk.trouble(this.#random.int(0, 8), this.#random.chance(0.7));
    return this.#working(copy, async () => {
      const upload = known ?? (await this.#begin(copy, session));
      try {
        for (let { received } = await takePart(session, disk.contents, upload.id, 0, new Blob([])); received < upload.bytes.length; ) {
          if (this.#random.chance(0.15)) return;
          const part = upload.bytes.subarray(received, received + this.#random.int(1, upload.bytes.length));
          ({ received } = await takePart(session, disk.contents, upload.id, received, new Blob([part])));
        }
        await finishUpload(session, disk.contents, upload.id, this.#random.chance(0.5) ? hashOf(upload.bytes) : undefined);
        this.#ledger.added(copy, hashOf(upload.bytes));
      } catch (error) {
        if (error instanceof AppError && error.data.detail !== 'disk_full') this.#forget(upload);
        throw error;
      }
      this.#forget(upload);
    });
  }
  async #begin(copy: Copy, session: Session): Promise<Upload> {
    const bytes = this.#bytes();
    const { id } = await beginUpload(session, this.#disk(copy).contents, this.#world.folder, { ...this.#owner(copy, session), file_name: 'акт.pdf', size: bytes.length });
    const upload = { copy, user: session.actor.user_id, id, bytes };
    this.#uploads.push(upload);
    return upload;
  }
  #forget(upload: Upload): void {
    const at = this.#uploads.indexOf(upload);
    if (at >= 0) this.#uploads.splice(at, 1);
  }
  /** Work on a disk that may have trouble, with what a death leaves behind. */
  async #working(copy: Copy, work: () => Promise<unknown>): Promise<string> {
    const note = await answered(work);
    this.#restartDead(copy);
    return note || 'done';
  }
  #restartDead(copy: Copy): void {
    const disk = this.#disk(copy);
    const { dead } = disk;
    if (dead) {
      copy.close();
      copy.open();
    }
    disk.recover();
  }

  // The line.
  async #carry(device: Device, mayFail: boolean, hasCompany = false): Promise<string> {
    const { copy } = device;
    const [disk, hubDisk] = [this.#disk(copy), this.#disk(this.#hub)];
    const kind = mayFail ? this.#random.weighted({ none: 10, line: 14, disk: 3, hub: 4 }) : 'none';
    const fault = kind === 'line' ? { at: this.#random.pick([0, 0, 0, 1, 1, 2]), kind: this.#random.weighted(LINE_FAULTS) } : null;
    if (kind === 'disk' || kind === 'hub') (kind === 'disk' ? disk : hubDisk).trouble(this.#random.int(0, 6), this.#random.chance(0.7));
    const line = openLine({
      world: this.#world.folder,
      // A clone has the name of the machine that it was copied from.
      peer: copy.name.replaceAll('-clone', ''),
      random: this.#random,
      chunk: this.#random.chance(0.2) ? MIB : this.#random.int(600, 4_000),
      fault,
      between: () => (hasCompany ? this.#meanwhile(device) : Promise.resolve()),
      hubDied: () => hubDisk.dead,
    });
    const note = await answered(() => carryContents({ store: () => disk.store, contents: () => disk.contents, epoch: () => copy.engine.log.epoch().id, log: LOG }, line.client, line.signal));
    this.#restartDead(copy);
    this.#restartDead(this.#hub);
    if (!mayFail && !this.#isNested && note) this.#fault(`${copy.name}: contents cannot be carried:${note}`);
    return `${fault ? `${fault.kind} at ${fault.at}` : kind} ${line.moved()} moved${note}`;
  }
  /** While contents are under way others do not stand still. */
  async #meanwhile(device: Device): Promise<void> {
    if (this.#isNested || !this.#random.chance(0.06)) return;
    this.#isNested = true;
    try {
      const other = this.#random.pick(this.#devices);
      const action = this.#random.weighted({ carry: 4, sweep: 2, remove: 1, purge: 2 });
      if (action !== 'carry') await this.#run(action, this.#random.pick([this.#hub, device.copy]), device);
      else if (other !== device) return void (await this.#carry(other, false));
    } finally {
      this.#isNested = false;
    }
  }

  // Machines.
  backedUp(copy: Copy): string {
    const image = this.#folder();
    this.#disk(copy).copyTo(image);
    this.#images.set(copy, image);
    return 'with its folder';
  }
  putBack(copy: Copy): string {
    const folder = this.#random.weighted(FOLDERS);
    this.#ledger.putBack(copy, () => {
      if (folder !== 'present') this.#disk(copy).putBack(folder === 'former' ? (this.#images.get(copy) ?? null) : null);
    });
    return `folder ${folder}`;
  }
  cloned(from: Copy, to: Copy): string {
    this.#disk(from).copyTo(this.#disk(to).folder);
    return 'with its folder';
  }

  /** Programs have been started again: contents follow the rows until nothing moves, and then all must be where it is said to be. */
  async quiet(): Promise<string[]> {
    const trace: string[] = [];
    for (const copy of this.#copies) this.#disk(copy).restart();
    // What the hub has said is believed for a day.
    this.#world.time.now += ASKED_AGAIN_MS;
    let moves = true;
    for (let round = 0; moves && round < MAX_ROUNDS; round++) {
      // The last faults are those of the first round.
      moves = round === 0;
      for (const device of this.#devices) {
        const note = await this.#carry(device, round === 0);
        moves ||= !note.includes(' 0 moved');
        trace.push(`files quiet ${device.copy.name} ${note}`);
      }
    }
    if (moves) this.#fault('contents never came to rest');
    this.#ledger.check(this.#world.people);
    this.#world.time.now += LATER_MS;
    // The first time an upload is given up, and only then its content is nobody's.
    for (const copy of [...this.#copies, ...this.#copies]) this.#ledger.sweep(copy, true);
    this.#ledger.check(this.#world.people);
    this.#ledger.checkLeftovers();
    return trace;
  }
}

const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

async function* inPieces(bytes: Buffer, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield await Promise.resolve(bytes.subarray(at, at + size));
}

/** A refusal, a full disk and a death are answers too. @returns its words */
async function answered(work: () => unknown): Promise<string> {
  try {
    await work();
    return '';
  } catch (error) {
    if (error instanceof AppError) return ` ${error.code} ${error.data.detail ?? ''}`;
    if (error instanceof Died) return ' died';
    if (error instanceof Error && error.message === 'entity contracts is not in the registry') return ' older version';
    throw error;
  }
}
