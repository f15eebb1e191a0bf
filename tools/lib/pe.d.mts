/** A Windows program without its signature. @throws Error for anything but a 64-bit Windows program */
export function withoutSignature(bytes: Uint8Array): Buffer;
