import { copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createRandom, type Random } from '../../../src-main/seed/random.ts';
import { REGISTRY } from '../../../src-main/core/entities.ts';
import type { Registry } from '../../../src-main/store/entity.ts';
import { startFromSnapshot } from '../../../src-main/sync/index.ts';
import { AppError } from '../../../src-shared/kernel/errors.ts';
import type { LogEntry, PullPage, PushReply, PushRequest } from '../../../src-shared/sync/wire.ts';
import { ACTIONS, type Action, type Mix } from './actions.ts';
import { carryBundle } from './bundles.ts';
import { derivedFaults, idsOf, keyOf, keyOfWire, lastId, positionOf, rowFaults, SELECT, type Stored } from './checks.ts';
import { carried, createWorld, openCopy, putFile, type Copy, type World } from './copies.ts';
import { changeRights, editAtRandom, memberAt, poison, purgeTicket } from './edits.ts';
import { fused, type Fuse } from './fuse.ts';
import { differences } from './model.ts';
import { Proofs } from './proofs.ts';

const DAY = 86_400_000;
/** A version of the program that does not know contracts yet. */
const OLDER: Registry = new Map([...REGISTRY].filter(([name]) => name !== 'contracts'));

interface Device {
  copy: Copy;
  member: string;
  fuse: Fuse;
  /** Answers that are still under way, and requests that the network may deliver again. */
  late: ({ reply: PushReply } | { page: PullPage })[];
  sent: PushRequest[];
  backup: string | null;
}

/** What one seed came to: nothing but the trace where all is well. */
export interface Outcome {
  seed: number;
  faults: string[];
  trace: string[];
}

/** One run: random edits and faults from one seed, then quiet, then the checks. */
export async function simulate(seed: number, { steps = 60, actions = ACTIONS }: { steps?: number; actions?: Mix } = {}): Promise<Outcome> {
  const world = createWorld();
  const simulation = new Simulation(seed, world, actions);
  try {
    await simulation.start();
    for (let step = 0; step < steps && simulation.faults.length === 0; step++) await simulation.step();
    if (simulation.faults.length === 0) await simulation.quiet();
  } catch (error) {
    simulation.faults.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
  } finally {
    simulation.close();
    world.close();
  }
  return { seed, faults: simulation.faults, trace: simulation.trace };
}

class Simulation {
  readonly faults: string[] = [];
  readonly trace: string[] = [];
  readonly #random: Random;
  readonly #text: Random;
  readonly #actions: Mix;
  readonly #world: World;
  readonly #devices: Device[] = [];
  /** The common log as it stands, and every change that was ever committed and must be found again. */
  #log: LogEntry[] = [];
  readonly #written = new Map<string, string>();
  readonly #mayBeLost = new Set<string>();
  readonly #proofs = new Proofs();
  #hubBackup: { file: string; length: number } | null = null;
  #hubOlder = false;
  #files = 0;

  constructor(seed: number, world: World, actions: Mix) {
    this.#actions = actions;
    this.#random = createRandom(seed);
    this.#text = createRandom(seed ^ 0x5bd1e995);
    this.#world = world;
  }

  get #hub(): Copy {
    return this.#world.hub;
  }
  get #copies(): Copy[] {
    return [this.#hub, ...this.#devices.map((device) => device.copy)];
  }
  #file(): string {
    return join(this.#world.folder, `file-${++this.#files}.sqlite`);
  }

  async start(): Promise<void> {
    const snapshot = this.#file();
    await this.#hub.engine.snapshot(snapshot);
    const members = Object.keys(this.#world.people);
    for (let index = 0; index < this.#random.int(2, 3); index++) {
      const older = this.#random.chance(0.15);
      this.#addDevice(`d${index}`, this.#fresh(snapshot), members[index % members.length] as string, older ? OLDER : REGISTRY);
    }
    if (this.#random.chance(0.1)) this.#reopenHub(OLDER);
    this.#readLog();
  }

  #fresh(snapshot: string): string {
    const file = this.#file();
    startFromSnapshot({ snapshot, file, registry: REGISTRY, clock: { now: () => this.#world.time.now } });
    return file;
  }
  #addDevice(name: string, file: string, member: string, registry: Registry): Device {
    const fuse: Fuse = { left: null };
    const copy = openCopy({ name, file, time: this.#world.time, registry, wrap: (store) => fused(store, fuse) });
    const device: Device = { copy, member, fuse, late: [], sent: [], backup: null };
    this.#devices.push(device);
    return device;
  }
  #reopenHub(registry: Registry): void {
    this.#hub.close();
    this.#hub.registry = registry;
    this.#hubOlder = registry === OLDER;
    this.#hub.open();
  }

  async step(): Promise<void> {
    const action = this.#random.weighted(this.#actions) as Action;
    const device = this.#random.pick(this.#devices);
    const note = await this.#run(action, device);
    this.trace.push(`${action} ${action.startsWith('hub') ? 'hub' : device.copy.name} ${note ?? ''}`);
    this.#readLog();
  }

  async #run(action: Action, device: Device): Promise<string | undefined> {
    switch (action) {
      case 'edit':
        return this.#edit(device.copy, device.member);
      case 'hubEdit':
        return this.#edit(this.#hub, this.#random.pick(Object.keys(this.#world.people)));
      case 'push':
        return this.#push(device, this.#random.weighted({ ok: 60, lost: 8, cut: 14, late: 12, twice: 6 }), this.#random.int(1, 6));
      case 'pull':
        return this.#pull(device, this.#random.weighted({ ok: 70, late: 15, twice: 15 }), this.#random.int(1, 8));
      case 'late':
        return this.#deliver(device);
      case 'resend':
        return this.#resend(device);
      case 'crash':
        return this.#crash(device);
      case 'full':
        device.fuse.left = this.#random.int(1, 30);
        return `after ${device.fuse.left}`;
      case 'clock':
        device.copy.skew = this.#random.pick([0, 0, 3 * DAY, -3 * DAY, 40 * 60_000, -60_000, 400 * DAY]);
        return String(device.copy.skew);
      case 'time':
        this.#world.time.now += this.#random.pick([1, 1000, 60_000, 3_600_000, DAY]);
        return undefined;
      case 'backup':
        device.backup = this.#copyOf(device.copy);
        return undefined;
      case 'restore':
        return this.#restore(device);
      case 'clone':
        return this.#clone(device);
      case 'hubBackup':
        this.#hubBackup = { file: this.#copyOf(this.#hub), length: this.#hub.engine.log.head() };
        return undefined;
      case 'hubRestore':
        return this.#restoreHub(true);
      case 'hubSilentRestore':
        return this.#restoreHub(false);
      case 'compact':
        // No further than the newest backup: what lies behind it could not be put together again.
        return String(this.#hub.engine.compact(this.#random.int(0, this.#hubBackup?.length ?? this.#hub.engine.log.head())));
      case 'rights':
        return this.#atHub(changeRights);
      case 'poison':
        return this.#poison(device);
      case 'upgrade':
        return this.#upgrade(device);
      case 'purge':
        return this.#atHub(purgeTicket);
      case 'snapshotStart':
        return this.#startAgain(device);
      case 'bundle':
        return this.#bundle(device, this.#random.pick(this.#copies));
    }
  }

  // Edits.
  #edit(copy: Copy, member: string): string {
    const actor = memberAt(copy, this.#world.people[member]?.user_id ?? '');
    if (!actor) return 'nobody';
    const before = lastId(copy);
    const name = editAtRandom({ copy, actor, random: this.#random, text: this.#text });
    this.#noteWrites(copy, before);
    return name;
  }
  #noteWrites(copy: Copy, before: number): void {
    for (const change of copy.store.read.all<Stored>(`${SELECT} WHERE id > ?`, before)) this.#written.set(keyOf(change), `${copy.name}: ${change.ops.slice(0, 200)}`);
  }
  /** Something that only the owner does, at the hub. */
  #atHub(deed: (hub: Copy, people: World['people'], random: Random) => string): string {
    const before = lastId(this.#hub);
    const note = deed(this.#hub, this.#world.people, this.#random);
    this.#noteWrites(this.#hub, before);
    return note;
  }
  #poison({ copy, member }: Device): string {
    return poison(copy, this.#world.people[member]?.user_id ?? null, this.#random, this.#text);
  }

  #push(device: Device, mode: 'ok' | 'lost' | 'cut' | 'late' | 'twice', limit: number): string {
    const request = device.copy.engine.takePush(limit);
    if (!request) return 'nothing';
    const sent = carried(request);
    device.sent = [...device.sent.slice(-4), sent];
    if (mode === 'lost') return mode;
    if (mode === 'twice') this.#accept(sent);
    const reply = this.#accept(sent);
    if (mode === 'late') device.late.push({ reply });
    else if (mode !== 'cut') this.#guarded(device, () => device.copy.engine.acknowledge(reply));
    return `${mode} ${reply.verdicts.map((verdict) => `${verdict.device.slice(-4)}:${verdict.seq} ${verdict.verdict}${'reason' in verdict ? ` ${verdict.reason}` : ''}`).join(', ')}`;
  }
  #accept(request: PushRequest): PushReply {
    const reply = carried(this.#hub.engine.acceptPush(carried(request), { device: request.device, vouched: this.#proofs.vouched }));
    this.#readLog();
    return reply;
  }
  #pull(device: Device, mode: 'ok' | 'late' | 'twice', limit: number): string {
    const page = carried(this.#hub.engine.readPage(carried(device.copy.engine.pullRequest()), limit));
    if (mode === 'late') device.late.push({ page });
    else {
      this.#guarded(device, () => device.copy.engine.contacted(page.now));
      this.#guarded(device, () => device.copy.engine.applyPage(page));
      if (mode === 'twice') this.#guarded(device, () => device.copy.engine.applyPage(page));
    }
    return `${mode} ${page.since}+${page.entries.length}${page.snapshot_required ? ' snapshot' : ''}`;
  }
  #deliver(device: Device): string {
    if (device.late.length === 0) return 'nothing';
    const [message] = device.late.splice(this.#random.int(0, device.late.length - 1), 1);
    if (message && 'reply' in message) this.#guarded(device, () => device.copy.engine.acknowledge(message.reply));
    else if (message) this.#guarded(device, () => device.copy.engine.applyPage(message.page));
    return message && 'reply' in message ? 'reply' : 'page';
  }
  #resend(device: Device): string {
    if (device.sent.length === 0) return 'nothing';
    const reply = this.#accept(this.#random.pick(device.sent));
    if (this.#random.chance(0.5)) this.#guarded(device, () => device.copy.engine.acknowledge(reply));
    return reply.verdicts.map((verdict) => verdict.verdict).join();
  }
  #bundle(from: Device, to: Copy): string {
    let note = '';
    const carry = (): void => void (note = carryBundle(from.copy, to, this.#proofs));
    const receiver = this.#devices.find((one) => one.copy === to);
    if (receiver) this.#guarded(receiver, carry);
    else carry();
    return `${to.name} ${note}`;
  }
  /** A full disk is an answer, and the next attempt finds everything as it was. */
  #guarded(device: Device, work: () => unknown): void {
    try {
      work();
    } catch (error) {
      if (!(error instanceof AppError && error.data.detail === 'disk_full')) throw error;
      device.fuse.left = null;
    }
  }

  // Machines.
  #crash(device: Device): string {
    device.fuse.left = this.#random.int(1, 40);
    const note = this.#random.chance(0.5) ? this.#push(device, 'ok', 20) : this.#pull(device, 'ok', 20);
    device.fuse.left = null;
    device.late = [];
    device.copy.close();
    device.copy.open();
    return note;
  }
  #copyOf(copy: Copy): string {
    copy.close();
    const file = this.#file();
    copyFileSync(copy.file, file);
    copy.open();
    return file;
  }
  #restore(device: Device): string {
    if (!device.backup) return 'nothing';
    const before = this.#keysOf(device.copy);
    device.copy.close();
    putFile(device.backup, device.copy.file);
    device.copy.open();
    device.late = [];
    this.#forgive(before);
    return '';
  }
  #clone(device: Device): string {
    if (this.#devices.length >= 4) return 'enough';
    const file = this.#copyOf(device.copy);
    this.#addDevice(`${device.copy.name}-clone`, file, device.member, device.copy.registry);
    return '';
  }
  #restoreHub(told: boolean): string {
    const backup = this.#hubBackup;
    if (!backup) return 'nothing';
    const before = this.#keysOf(this.#hub);
    this.#hub.close();
    putFile(backup.file, this.#hub.file);
    this.#hub.open();
    this.#log.length = backup.length;
    this.#forgive(before);
    if (told) this.#hub.engine.newEpoch();
    this.#hubBackup = null;
    return told ? 'told' : 'untold';
  }
  #upgrade(device: Device): string {
    if (this.#hubOlder && this.#random.chance(0.5)) this.#reopenHub(REGISTRY);
    else if (device.copy.registry === OLDER) {
      device.copy.close();
      device.copy.registry = REGISTRY;
      device.copy.open();
    }
    return '';
  }
  async #startAgain(device: Device): Promise<string> {
    const snapshot = this.#file();
    await this.#hub.engine.snapshot(snapshot);
    this.#readLog();
    const file = this.#file();
    device.copy.close();
    try {
      startFromSnapshot({ snapshot, file, registry: device.copy.registry, clock: { now: () => this.#world.time.now }, old: device.copy.file });
      putFile(file, device.copy.file);
      rmSync(file);
    } finally {
      device.copy.open();
    }
    device.late = [];
    return '';
  }

  /** What exists nowhere any more after a disk was put back is lost with that disk. */
  #forgive(before: ReadonlySet<string>): void {
    const still = new Set(this.#copies.flatMap((copy) => [...this.#keysOf(copy)]));
    for (const key of before) if (!still.has(key)) this.#mayBeLost.add(key);
  }
  #keysOf(copy: Copy): Set<string> {
    const keys = copy.store.read.all<Stored>(SELECT).map(keyOf);
    const refused = copy.store.read.all<{ changeset: string }>('SELECT changeset FROM local_sync_refused').map(({ changeset }) => keyOfWire(JSON.parse(changeset) as LogEntry));
    return new Set([...keys, ...refused, ...(copy === this.#hub ? this.#log.map(keyOfWire) : [])]);
  }
  #readLog(): void {
    const head = this.#hub.engine.log.head();
    if (head > this.#log.length) this.#log.push(...this.#hub.engine.log.read(this.#log.length, 10_000));
    this.#proofs.seen(this.#log);
  }

  async quiet(): Promise<void> {
    for (const device of this.#devices) Object.assign(device.fuse, { left: null });
    if (this.#hubOlder) this.#reopenHub(REGISTRY);
    for (const device of this.#devices) {
      device.copy.skew = 0;
      if (device.copy.registry !== OLDER) continue;
      device.copy.close();
      device.copy.registry = REGISTRY;
      device.copy.open();
    }
    for (let round = 0; round < 40; round++) {
      this.#world.time.now += 60_000;
      const before = this.#copies.map(positionOf).join();
      let again = false;
      for (const device of this.#devices) {
        this.trace.push(`quiet ${device.copy.name} ${this.#push(device, 'ok', 100)}`);
        const page = this.#hub.engine.readPage(device.copy.engine.pullRequest(), 200);
        device.copy.engine.contacted(page.now);
        const applied = device.copy.engine.applyPage(carried(page));
        again ||= applied.again;
        if (applied.snapshotRequired) await this.#startAgain(device);
      }
      this.#readLog();
      const resting = this.#devices.every(({ copy }) => copy.engine.status().waiting === 0 && copy.engine.status().cursor === this.#hub.engine.log.head());
      if (resting && !again && before === this.#copies.map(positionOf).join()) return this.#check();
    }
    this.faults.push(`never came to rest: ${this.#copies.map((copy) => JSON.stringify(copy.engine.status())).join(' ')}`);
  }
  #check(): void {
    const expected = this.#hub.engine.stateHash();
    for (const copy of this.#copies) {
      const status = copy.engine.status();
      if (copy.engine.stateHash() !== expected) this.faults.push(`${copy.name}: state differs`, ...rowFaults(copy, this.#hub).slice(0, 3));
      if (!status.synchronised) this.faults.push(`${copy.name}: not synchronised ${JSON.stringify(status)}`);
      this.faults.push(...differences(copy, this.#log).slice(0, 5), ...derivedFaults(copy));
    }
    if (JSON.stringify(this.#hub.engine.conflicts(1000).map(idsOf).sort()) !== JSON.stringify(this.#devices[0]?.copy.engine.conflicts(1000).map(idsOf).sort())) this.faults.push('conflicts are not the same everywhere');
    const found = new Set([...this.#log.map(keyOfWire), ...this.#devices.flatMap(({ copy }) => copy.store.read.all<Stored>(`${SELECT} WHERE id IN (SELECT changeset FROM local_sync_returned)`).map(keyOf))]);
    for (const key of this.#keysOf(this.#hub)) found.add(key);
    for (const [key, what] of this.#written) if (!found.has(key) && !this.#mayBeLost.has(key)) this.faults.push(`lost: ${what}`);
  }

  close(): void {
    for (const device of this.#devices) if (device.copy.store.read.raw.open) device.copy.close();
  }
}
