import { createHash, randomBytes } from 'node:crypto';

/** Bytes that nothing compresses, and their hash. */
export function content(size: number): { bytes: Buffer<ArrayBuffer>; sha256: string } {
  const bytes = Buffer.from(randomBytes(size));
  return { bytes, sha256: createHash('sha256').update(bytes).digest('hex') };
}

export const fileOf = (bytes: Uint8Array<ArrayBuffer>, name: string, type = ''): File => new File([bytes], name, { type });

/** The typed refusal of a call. */
export const refused = async (call: Promise<unknown>): Promise<{ code: string; detail: string | undefined; field: string | undefined; params: Record<string, unknown> | undefined }> =>
  call.then(
    () => {
      throw new Error('it was not refused');
    },
    (error: { code: string; data?: { detail?: string; field?: string; params?: Record<string, unknown> } }) => ({ code: error.code, detail: error.data?.detail, field: error.data?.field, params: error.data?.params }),
  );
