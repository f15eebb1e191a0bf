import type { Random } from '../../../src-main/seed/random.ts';
import { AppError } from '../../../src-shared/kernel/errors.ts';
import { shortened, spelledOut } from '../../../src-main/sync/wire/brief.ts';
import { createKeptLines } from '../../../src-main/sync/wire/kept-lines.ts';
import { jsonByLines, parseByLines, utf8Of } from '../../../src-main/sync/wire/lines.ts';
import { logEntry, pushRequest, type LogEntry, type PullPage, type PushReply, type PushRequest } from '../../../src-shared/sync/wire.ts';
import { carryBundle, takeBundle, writeBundle, type Bundle } from './bundles.ts';
import { carried, type Copy, type World } from './copies.ts';
import type { Fuse } from './fuse.ts';
import { Proofs } from './proofs.ts';

/** A device of a run, with what is under way between it and the hub. */
export interface Device {
  copy: Copy;
  member: string;
  fuse: Fuse;
  /** Answers that are still under way, and requests that the network may deliver again. */
  late: ({ reply: PushReply } | { page: PullPage })[];
  sent: PushRequest[];
  backup: string | null;
}

export type PushMode = 'ok' | 'lost' | 'cut' | 'late' | 'twice';
export type PullMode = 'ok' | 'late' | 'twice' | 'cut';

/** A network that loses, repeats, cuts and delays what is sent, and sticks that go from hand to hand. */
export class Traffic {
  /** The common log as it stands. */
  readonly log: LogEntry[] = [];
  readonly #proofs = new Proofs();
  readonly #kept = createKeptLines();
  readonly #sticks: Bundle[] = [];
  readonly #world: World;
  readonly #random: Random;
  readonly #fault: (text: string) => void;

  constructor(parts: { world: World; random: Random; fault: (text: string) => void }) {
    this.#world = parts.world;
    this.#random = parts.random;
    this.#fault = parts.fault;
  }

  get #hub(): Copy {
    return this.#world.hub;
  }
  readLog(): void {
    const head = this.#hub.engine.log.head();
    if (head > this.log.length) this.log.push(...this.#hub.engine.log.read(this.log.length, 10_000));
    this.#proofs.seen(this.log);
  }

  push(device: Device, mode: PushMode, limit: number): string {
    const request = device.copy.engine.takePush(limit);
    if (!request) return 'nothing';
    const sent = carried(request);
    device.sent = [...device.sent.slice(-4), sent];
    if (mode === 'lost') return mode;
    if (mode === 'twice') this.#accept(sent);
    const reply = this.#accept(sent);
    if (mode === 'late') device.late.push({ reply });
    else if (mode !== 'cut') guarded(device, () => device.copy.engine.acknowledge(reply));
    return `${mode} ${wordsOf(reply)}`;
  }
  #accept(request: PushRequest): PushReply {
    const { value, items } = parseByLines(utf8Of(jsonByLines({ ...request, brief: true }, 'changesets')), 'changesets');
    const read = pushRequest.parse(value);
    const reply = this.#hub.engine.acceptPush(read, { device: request.device, vouched: this.#proofs.vouched });
    this.#kept.keep(read, items, reply);
    this.readLog();
    return spelledOut(request, carried(shortened(read, reply)));
  }
  /** A page, its entries in the bytes in which they came where these are kept. */
  #page(device: Device, limit: number): PullPage {
    const page = this.#hub.engine.readPage(carried(device.copy.engine.pullRequest()), limit);
    return { ...carried(page), entries: page.entries.map((entry) => logEntry.parse(JSON.parse(utf8Of(this.#kept.of(entry)).toString('utf8')))) };
  }
  pull(device: Device, mode: PullMode, limit: number): string {
    const page = this.#page(device, limit);
    if (mode === 'cut') page.entries.length = this.#random.int(0, page.entries.length);
    if (mode === 'late') device.late.push({ page });
    else {
      guarded(device, () => device.copy.engine.contacted(page.now));
      guarded(device, () => device.copy.engine.applyPage(page));
      if (mode === 'twice') guarded(device, () => device.copy.engine.applyPage(page));
    }
    return `${mode} ${page.since}+${page.entries.length}${page.snapshot_required ? ' snapshot' : ''}`;
  }
  /** There and back without a fault of the line. */
  exchange(device: Device): void {
    this.push(device, 'ok', 100);
    this.pull(device, 'ok', 200);
  }
  deliver(device: Device): string {
    if (device.late.length === 0) return 'nothing';
    const [message] = device.late.splice(this.#random.int(0, device.late.length - 1), 1);
    if (message && 'reply' in message) guarded(device, () => device.copy.engine.acknowledge(message.reply));
    else if (message) guarded(device, () => device.copy.engine.applyPage(message.page));
    return message && 'reply' in message ? 'reply' : 'page';
  }
  resend(device: Device): string {
    if (device.sent.length === 0) return 'nothing';
    const reply = this.#accept(this.#random.pick(device.sent));
    if (this.#random.chance(0.5)) guarded(device, () => device.copy.engine.acknowledge(reply));
    return reply.verdicts.map((verdict) => verdict.verdict).join();
  }
  /** A push whose beginning the network has swallowed. */
  gap(device: Device): string {
    const request = device.copy.engine.takePush(6);
    if (!request || request.changesets.length < 2) return 'nothing';
    const sent = carried(request);
    sent.changesets.splice(0, this.#random.int(1, sent.changesets.length - 1));
    const reply = this.#accept(sent);
    if (this.#random.chance(0.5)) guarded(device, () => device.copy.engine.acknowledge(reply));
    return wordsOf(reply);
  }
  /** What was changed on the way is refused on both sides, whole. */
  tamper(device: Device): string {
    const request = device.copy.engine.takePush(6);
    if (request) {
      const sent = carried(request);
      const change = this.#random.pick(sent.changesets);
      change.ops += ' ';
      this.#refused('push', () => this.#hub.engine.acceptPush(sent, { device: sent.device, vouched: this.#proofs.vouched }));
    }
    const page = this.#page(device, 6);
    const entry = page.entries.at(-1);
    if (entry) {
      entry.stamp[0]++;
      this.#refused('page', () => device.copy.engine.applyPage(page));
    }
    return `${request ? 'push' : ''} ${entry ? 'page' : ''}`;
  }
  #refused(what: string, work: () => unknown): void {
    try {
      work();
      this.#fault(`a tampered ${what} was taken`);
    } catch (error) {
      if (!(error instanceof AppError && error.data.detail === 'sync_tampered')) throw error;
    }
  }
  /** An exchange during which the hub dies, or its disk is full: what it did not commit is not answered. */
  hubCrash(device: Device, fuse: Fuse): string {
    fuse.left = this.#random.int(0, 40);
    let note: string;
    try {
      note = this.#random.chance(0.6) ? this.push(device, this.#random.chance(0.5) ? 'ok' : 'cut', 20) : this.pull(device, 'ok', 20);
    } catch (error) {
      if (!diskFull(error)) throw error;
      note = 'no answer';
    }
    fuse.left = null;
    if (this.#random.chance(0.5)) return `full ${note}`;
    this.#hub.close();
    this.#hub.open();
    return `died ${note}`;
  }

  bundle(from: Device, to: Copy, receiver: Device | undefined): string {
    return this.#carry(receiver, to, () => carryBundle(from.copy, to, this.#proofs));
  }
  /** A stick that was written earlier, and may have been read before. */
  oldBundle(from: Device, to: Copy, receiver: Device | undefined): string {
    const written = writeBundle(from.copy, this.#proofs);
    if (written) this.#sticks.push(written);
    if (this.#sticks.length === 0) return 'nothing';
    const stick = this.#random.pick(this.#sticks);
    return this.#carry(receiver, to, () => takeBundle(stick, to, this.#proofs));
  }
  #carry(receiver: Device | undefined, to: Copy, work: () => string): string {
    let note = '';
    if (receiver) guarded(receiver, () => void (note = work()));
    else note = work();
    return `${to.name} ${note}`;
  }
}

const diskFull = (error: unknown): boolean => error instanceof AppError && error.data.detail === 'disk_full';

/** A full disk is an answer, and the next attempt finds everything as it was. */
export function guarded(device: Device, work: () => unknown): void {
  try {
    work();
  } catch (error) {
    if (!diskFull(error)) throw error;
    device.fuse.left = null;
  }
}

const wordsOf = (reply: PushReply): string => reply.verdicts.map((verdict) => `${verdict.device.slice(-4)}:${verdict.seq} ${verdict.verdict}${'reason' in verdict ? ` ${verdict.reason}` : ''}`).join(', ');
