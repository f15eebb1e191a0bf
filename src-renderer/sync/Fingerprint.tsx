import { Code } from '@mantine/core';

/** A certificate's fingerprint in groups of four, to be read aloud. */
export function Fingerprint({ hex }: { hex: string }) {
  return <Code style={{ overflowWrap: 'anywhere' }}>{hex.match(/.{1,4}/g)?.join(' ')}</Code>;
}
