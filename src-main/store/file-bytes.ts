import type { FileHandle } from 'node:fs/promises';

/** Fills the bytes with what stands at a position. @throws Error where the file ends before */
export async function readAt(handle: FileHandle, position: number, bytes: Buffer): Promise<Buffer> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesRead } = await handle.read(bytes, done, bytes.length - done, position + done);
    if (bytesRead === 0) throw new Error('the file ends early');
    done += bytesRead;
  }
  return bytes;
}

/** Writes all of the bytes, however many the system takes at once; behind what was written last where no position is given. */
export async function writeAll(to: FileHandle, bytes: Uint8Array, position?: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) done += (await to.write(bytes, done, bytes.length - done, position === undefined ? undefined : position + done)).bytesWritten;
}
