import { hostname } from 'node:os';
import { fingerprintOf, HUB_PORT } from '../../../src-shared/sync/pairing.ts';

/** A hub that was heard on the network; nothing that it says of itself is believed before its certificate is seen. */
export interface FoundHub {
  name: string;
  url: string;
  /** The part of its fingerprint that stands in pairing codes. */
  fingerprint: string;
}

/** Finding hubs by multicast DNS (RFC 6762, 6763: `_polevik._tcp`). */
export interface Discovery {
  announce(port: number, fingerprintHex: string): Promise<() => Promise<void>>;
  find(milliseconds: number): Promise<FoundHub[]>;
}

const TYPE = 'polevik';

/** Multicast is a comfort: where a network or a firewall does not carry it, addresses are typed. */
export function createDiscovery(failed: (error: unknown) => void): Discovery {
  const open = async () => {
    const { Bonjour } = await import('bonjour-service');
    return new Bonjour({}, failed);
  };
  return {
    announce: async (port, fingerprintHex) => {
      const bonjour = await open();
      // Hub processes on one machine share their fingerprint, and a name is given once.
      const place = port === HUB_PORT ? hostname() : `${hostname()} ${port}`;
      const service = bonjour.publish({ name: `Polevik ${place} ${fingerprintOf(fingerprintHex).slice(0, 5)}`, type: TYPE, port, txt: { fp: fingerprintOf(fingerprintHex) }, disableIPv6: true });
      service.on('error', failed);
      return () =>
        new Promise((done) => {
          bonjour.unpublishAll(() => bonjour.destroy(() => done()));
        });
    },
    find: async (milliseconds) => {
      const bonjour = await open();
      const found = new Map<string, FoundHub>();
      const browser = bonjour.find({ type: TYPE }, (service) => {
        const address = service.addresses?.find((one) => /^\d+\./.test(one)) ?? service.referer?.address ?? service.host;
        const fingerprint = String((service.txt as { fp?: unknown } | undefined)?.fp ?? '');
        found.set(fingerprint, { name: service.name, url: `https://${address}:${service.port}`, fingerprint });
      });
      await new Promise((done) => setTimeout(done, milliseconds));
      browser.stop();
      await new Promise<void>((done) => bonjour.destroy(() => done()));
      return [...found.values()];
    },
  };
}
