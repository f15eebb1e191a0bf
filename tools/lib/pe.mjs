const PE_OFFSET_AT = 0x3c;
const OPTIONAL_HEADER_AT = 24;
const MAGIC_64 = 0x20b;
const SECURITY_ENTRY_AT = 112 + 4 * 8;

/**
 * A Windows program without its signature, which a change would make a false one. The certificates lie at the end of the file, where the
 * fifth data directory of the optional header points (PE format, "The Attribute Certificate Table").
 * @throws Error for anything but a 64-bit Windows program
 */
export function withoutSignature(bytes) {
  const program = Buffer.from(bytes);
  const header = program.length > PE_OFFSET_AT + 4 ? program.readUInt32LE(PE_OFFSET_AT) : 0;
  if (program.toString('latin1', 0, 2) !== 'MZ' || program.toString('latin1', header, header + 4) !== 'PE\0\0' || program.readUInt16LE(header + OPTIONAL_HEADER_AT) !== MAGIC_64) throw new Error('not a 64-bit Windows program');
  const entry = header + OPTIONAL_HEADER_AT + SECURITY_ENTRY_AT;
  const start = program.readUInt32LE(entry);
  if (start === 0) return program;
  program.writeUInt32LE(0, entry);
  program.writeUInt32LE(0, entry + 4);
  return program.subarray(0, start);
}
