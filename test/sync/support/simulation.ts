import { copyFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRandom, type Random } from '../../../src-main/seed/random.ts';
import { REGISTRY } from '../../../src-main/core/entities.ts';
import type { Registry } from '../../../src-main/store/entity.ts';
import { startFromSnapshot } from '../../../src-main/sync/index.ts';
import type { LogEntry } from '../../../src-shared/sync/wire.ts';
import { DAY, LATEST_MIX, LEAPS, MIXES, PULLS, PUSHES, RICH_PULLS, RICH_SKEWS, SKEWS, type Action, type MixNumber } from './actions.ts';
import { Articles } from './articles.ts';
import { Attachments } from './attachments.ts';
import { agreementFaults, keyOf, keyOfWire, keysIn, lastId, positionOf, SELECT, type Stored } from './checks.ts';
import { carried, copyWorld, createWorld, openCopy, putFile, type Copy, type World } from './copies.ts';
import { damageFaults } from './damage.ts';
import { changeRights, editAtRandom, editTheSame, memberAt, poison, purgeTicket } from './edits.ts';
import { fused, type Fuse } from './fuse.ts';
import { WITHOUT_CONTRACTS, WITHOUT_WARRANTY } from './older.ts';
import { Traffic, type Device, type PullMode } from './traffic.ts';

/** What one seed came to: nothing but the trace where all is well. */
export interface Outcome {
  seed: number;
  faults: string[];
  trace: string[];
}

/** One run: random edits and faults from one seed, then quiet, then the checks. */
export async function simulate(seed: number, { steps = 60, mix = LATEST_MIX }: { steps?: number; mix?: MixNumber } = {}): Promise<Outcome> {
  const hubFuse: Fuse = { left: null };
  const world = MIXES[mix].rich ? await copyWorld({ wrap: (store) => fused(store, hubFuse) }) : createWorld();
  const simulation = new Simulation({ seed, world, mix, hubFuse, ready: 'devices' in world ? (world.devices as readonly Buffer[]) : [] });
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

interface Parts {
  seed: number;
  world: World;
  mix: MixNumber;
  hubFuse: Fuse;
  /** Files of devices that have just joined; none where they are to be made. */
  ready: readonly Buffer[];
}

class Simulation {
  readonly faults: string[] = [];
  readonly trace: string[] = [];
  readonly #random: Random;
  readonly #text: Random;
  readonly #mix: (typeof MIXES)[MixNumber];
  readonly #world: World;
  readonly #hubFuse: Fuse;
  readonly #ready: readonly Buffer[];
  readonly #devices: Device[] = [];
  readonly #traffic: Traffic;
  readonly #files: Attachments | null;
  readonly #beside: readonly (Articles | Attachments)[];
  /** Every change that was ever committed and must be found again. */
  readonly #written = new Map<string, string>();
  readonly #mayBeLost = new Set<string>();
  #hubBackup: { file: string; length: number } | null = null;
  #hubOlder = false;
  #made = 0;

  constructor({ seed, world, mix, hubFuse, ready }: Parts) {
    this.#mix = MIXES[mix];
    this.#random = createRandom(seed);
    this.#text = createRandom(seed ^ 0x5bd1e995);
    this.#world = world;
    this.#hubFuse = hubFuse;
    this.#ready = ready;
    const fault = (text: string): void => void this.faults.push(text);
    this.#traffic = new Traffic({ world, random: this.#random, fault });
    this.#files = this.#mix.files ? Attachments.forRun({ seed, world, devices: this.#devices, exchange: (device) => this.#traffic.exchange(device), fault }) : null;
    this.#beside = [this.#mix.articles ? Articles.forRun({ seed, world, devices: this.#devices }) : null, this.#files].filter((one) => one !== null);
  }

  get #hub(): Copy {
    return this.#world.hub;
  }
  get #log(): LogEntry[] {
    return this.#traffic.log;
  }
  get #copies(): Copy[] {
    return [this.#hub, ...this.#devices.map((device) => device.copy)];
  }
  #file(): string {
    return join(this.#world.folder, `file-${++this.#made}.sqlite`);
  }
  #older(): Registry {
    return this.#mix.rich && this.#random.chance(0.5) ? WITHOUT_WARRANTY : WITHOUT_CONTRACTS;
  }

  async start(): Promise<void> {
    const snapshot = this.#file();
    if (this.#ready.length === 0) await this.#hub.engine.snapshot(snapshot);
    const members = Object.keys(this.#world.people);
    for (let index = 0; index < this.#random.int(2, 3); index++) {
      const older = this.#random.chance(0.15);
      this.#addDevice(`d${index}`, this.#fresh(snapshot, index), members[index % members.length] as string, older ? this.#older() : REGISTRY);
    }
    if (this.#random.chance(0.1)) this.#reopenHub(this.#older());
    this.#traffic.readLog();
  }

  #fresh(snapshot: string, index: number): string {
    const file = this.#file();
    const ready = this.#ready[index];
    if (ready) writeFileSync(file, ready);
    else startFromSnapshot({ snapshot, file, registry: REGISTRY, clock: { now: () => this.#world.time.now } });
    return file;
  }
  #addDevice(name: string, file: string, member: string, registry: Registry): Device {
    const fuse: Fuse = { left: null };
    const copy = openCopy({ name, file, time: this.#world.time, registry, wrap: (store) => fused(store, this.#mix.rich ? Object.assign(fuse, { left: null }) : fuse) });
    const device: Device = { copy, member, fuse, late: [], sent: [], backup: null };
    this.#devices.push(device);
    return device;
  }
  #reopenHub(registry: Registry): void {
    this.#hub.close();
    this.#hub.registry = registry;
    this.#hubOlder = registry !== REGISTRY;
    this.#hub.open();
  }

  async step(): Promise<void> {
    const action = this.#random.weighted(this.#mix.actions as Record<Action, number>);
    const device = this.#random.pick(this.#devices);
    const note = await this.#run(action, device);
    this.trace.push(`${action} ${action.startsWith('hub') ? 'hub' : device.copy.name} ${note ?? ''}`);
    this.#traffic.readLog();
    for (const beside of this.#beside) await this.#stepBeside(beside);
  }
  async #stepBeside(beside: Articles | Attachments): Promise<void> {
    const before = this.#lastIds();
    const note = await beside.step();
    if (note) this.trace.push(note);
    this.#noteAllWrites(before);
    this.#traffic.readLog();
  }

  async #run(action: Action, device: Device): Promise<string | undefined> {
    const traffic = this.#traffic;
    switch (action) {
      case 'edit':
        return this.#edit(device.copy, device.member);
      case 'hubEdit':
        return this.#edit(this.#hub, this.#random.pick(Object.keys(this.#world.people)));
      case 'same':
        return this.#editTheSame();
      case 'backlog':
        return this.#editOften(device, this.#random.int(20, 80), 0);
      case 'month':
        return this.#editOften(device, 6, 5 * DAY);
      case 'push':
        return traffic.push(device, this.#random.weighted(PUSHES), this.#random.int(1, 6));
      case 'pull':
        return traffic.pull(device, this.#random.weighted((this.#mix.rich ? RICH_PULLS : PULLS) as Record<PullMode, number>), this.#random.int(1, 8));
      case 'late':
        return traffic.deliver(device);
      case 'resend':
        return traffic.resend(device);
      case 'gap':
        return traffic.gap(device);
      case 'tamper':
        return traffic.tamper(device);
      case 'bundle':
      case 'oldBundle': {
        const to = this.#random.pick(this.#copies);
        return traffic[action](device, to, this.#devices.find((one) => one.copy === to));
      }
      case 'hubCrash':
        return traffic.hubCrash(device, this.#hubFuse);
      case 'crash':
        return this.#crash(device);
      case 'full':
        device.fuse.left = this.#random.int(1, 30);
        return `after ${device.fuse.left}`;
      case 'clock':
        device.copy.skew = this.#random.pick(this.#mix.rich ? RICH_SKEWS : SKEWS);
        return String(device.copy.skew);
      case 'time':
        this.#world.time.now += this.#random.pick(LEAPS);
        return undefined;
      case 'backup':
        device.backup = this.#copyOf(device.copy);
        return this.#files?.backedUp(device.copy);
      case 'restore':
        return this.#restore(device);
      case 'clone':
        return this.#clone(device);
      case 'hubBackup':
        this.#hubBackup = { file: this.#copyOf(this.#hub), length: this.#hub.engine.log.head() };
        return this.#files?.backedUp(this.#hub);
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
        return poison(device.copy, this.#world.people[device.member]?.user_id ?? null, { random: this.#random, text: this.#text, rich: this.#mix.rich });
      case 'upgrade':
        return this.#upgrade(device);
      case 'purge':
        return this.#atHub(purgeTicket);
      case 'snapshotStart':
        return this.#startAgain(device, this.#mix.rich && this.#random.chance(0.2));
    }
  }

  #edit(copy: Copy, member: string): string {
    const actor = memberAt(copy, this.#world.people[member]?.user_id ?? '');
    if (!actor) return 'nobody';
    return this.#noting(copy, () => editAtRandom({ copy, actor, random: this.#random, text: this.#text, rich: this.#mix.rich }));
  }
  /** Many changes in a row, with time between them. */
  #editOften({ copy, member }: Device, times: number, between: number): string {
    for (let time = 0; time < times; time++) {
      this.#edit(copy, member);
      this.#world.time.now += between;
    }
    return `${times} edits`;
  }
  #editTheSame(): string {
    const memberOf = (copy: Copy) => memberAt(copy, this.#world.people[this.#devices.find((one) => one.copy === copy)?.member ?? 'Ольга']?.user_id ?? '');
    const before = this.#lastIds();
    const note = editTheSame(this.#copies, memberOf, this.#random, this.#text);
    this.#noteAllWrites(before);
    return note;
  }
  #lastIds(): Map<Copy, number> {
    return new Map(this.#copies.map((copy) => [copy, lastId(copy)]));
  }
  #noteAllWrites(before: ReadonlyMap<Copy, number>): void {
    for (const [copy, id] of before) this.#noteWrites(copy, id);
  }
  #noting(copy: Copy, work: () => string): string {
    const before = lastId(copy);
    const note = work();
    this.#noteWrites(copy, before);
    return note;
  }
  #noteWrites(copy: Copy, before: number): void {
    for (const change of copy.store.read.all<Stored>(`${SELECT} WHERE id > ?`, before)) this.#written.set(keyOf(change), `${copy.name}: ${change.ops.slice(0, 200)}`);
  }
  /** Something that only the owner does, at the hub. */
  #atHub(deed: (hub: Copy, people: World['people'], random: Random) => string): string {
    return this.#noting(this.#hub, () => deed(this.#hub, this.#world.people, this.#random));
  }

  #crash(device: Device): string {
    device.fuse.left = this.#random.int(1, 40);
    const note = this.#random.chance(0.5) ? this.#traffic.push(device, 'ok', 20) : this.#traffic.pull(device, 'ok', 20);
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
    return this.#files?.putBack(device.copy) ?? '';
  }
  #clone(device: Device): string {
    if (this.#devices.length >= 4) return 'enough';
    const file = this.#copyOf(device.copy);
    const clone = this.#addDevice(`${device.copy.name}-clone`, file, device.member, device.copy.registry);
    return this.#files?.cloned(device.copy, clone.copy) ?? '';
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
    return `${told ? 'told' : 'untold'} ${this.#files?.putBack(this.#hub) ?? ''}`;
  }
  #upgrade(device: Device): string {
    if (this.#hubOlder && this.#random.chance(0.5)) this.#reopenHub(REGISTRY);
    else if (device.copy.registry !== REGISTRY) {
      device.copy.close();
      device.copy.registry = REGISTRY;
      device.copy.open();
    }
    return '';
  }
  /** From a snapshot, the old copy's changes taken along; `dies` before the new file is put in place. */
  async #startAgain(device: Device, dies = false): Promise<string> {
    const snapshot = this.#file();
    await this.#hub.engine.snapshot(snapshot);
    this.#traffic.readLog();
    const file = this.#file();
    device.copy.close();
    try {
      startFromSnapshot({ snapshot, file, registry: device.copy.registry, clock: { now: () => this.#world.time.now }, old: device.copy.file });
      if (!dies) putFile(file, device.copy.file);
      rmSync(file);
    } finally {
      device.copy.open();
    }
    device.late = [];
    return dies ? 'died' : '';
  }

  /** What exists nowhere any more after a disk was put back is lost with that disk. */
  #forgive(before: ReadonlySet<string>): void {
    const still = new Set(this.#copies.flatMap((copy) => [...this.#keysOf(copy)]));
    for (const key of before) if (!still.has(key)) this.#mayBeLost.add(key);
  }
  #keysOf(copy: Copy): Set<string> {
    return keysIn(copy, copy === this.#hub ? this.#log : []);
  }

  async quiet(): Promise<void> {
    for (const device of this.#devices) Object.assign(device.fuse, { left: null });
    if (this.#hubOlder) this.#reopenHub(REGISTRY);
    for (const device of this.#devices) {
      device.copy.skew = 0;
      if (device.copy.registry === REGISTRY) continue;
      device.copy.close();
      device.copy.registry = REGISTRY;
      device.copy.open();
    }
    for (let round = 0; round < 40; round++) {
      this.#world.time.now += 60_000;
      const before = this.#copies.map(positionOf).join();
      let again = false;
      for (const device of this.#devices) {
        this.trace.push(`quiet ${device.copy.name} ${this.#traffic.push(device, 'ok', 100)}`);
        const request = device.copy.engine.pullRequest();
        const page = this.#hub.engine.readPage(request, 200);
        device.copy.engine.contacted(page.now);
        const applied = device.copy.engine.applyPage(carried(page));
        // Whoever asked for rows has not compared states yet.
        again ||= applied.again || request.rows.length > 0;
        if (applied.snapshotRequired) await this.#startAgain(device);
      }
      this.#traffic.readLog();
      const resting = this.#devices.every(({ copy }) => copy.engine.status(false).waiting === 0 && copy.engine.status(false).cursor === this.#hub.engine.log.head());
      if (resting && !again && before === this.#copies.map(positionOf).join()) return this.#end();
    }
    this.faults.push(`never came to rest: ${this.#copies.map((copy) => JSON.stringify(copy.engine.status())).join(' ')}`);
  }
  async #end(): Promise<void> {
    this.#check();
    await this.#damage();
    if (this.faults.length === 0) this.trace.push(...((await this.#files?.quiet()) ?? []));
  }
  async #damage(): Promise<void> {
    const device = this.#random.pick(this.#devices);
    if (this.faults.length > 0 || !this.#mix.rich || !this.#random.chance(0.1)) return;
    this.faults.push(...damageFaults(device.copy, this.#hub, this.#random));
    await this.#startAgain(device);
    this.#traffic.pull(device, 'ok', 100);
    this.#check();
  }
  #check(): void {
    this.faults.push(...agreementFaults(this.#hub, this.#devices.map(({ copy }) => copy), this.#log));
    const found = new Set([...this.#log.map(keyOfWire), ...this.#devices.flatMap(({ copy }) => copy.store.read.all<Stored>(`${SELECT} WHERE id IN (SELECT changeset FROM local_sync_returned)`).map(keyOf))]);
    for (const key of this.#keysOf(this.#hub)) found.add(key);
    for (const [key, what] of this.#written) if (!found.has(key) && !this.#mayBeLost.has(key)) this.faults.push(`lost: ${what}`);
  }

  close(): void {
    this.#files?.close();
    for (const device of this.#devices) if (device.copy.store.read.raw.open) device.copy.close();
  }
}
