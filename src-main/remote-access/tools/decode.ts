const strict = new TextDecoder('utf-8', { fatal: true });

/** Text that a program printed: UTF-16 by its mark, UTF-8 where it is that, otherwise the code page of Russian consoles (866). */
export function decodeOutput(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  try {
    return strict.decode(bytes);
  } catch {
    return new TextDecoder('ibm866').decode(bytes);
  }
}

/** `key=value` lines of a tool's configuration file: the first `=` divides, the last line of a key counts. Passwords' keys are left out at once. */
export function readConf(text: string): Map<string, string> {
  const values = new Map<string, string>();
  for (const line of text.split(/\r\n|\r|\n/)) {
    const at = line.indexOf('=');
    if (at <= 0) continue;
    const key = line.slice(0, at).trim();
    if (/pwd|password|token|secret|key_file|cert/i.test(key)) continue;
    values.set(key, line.slice(at + 1).trim());
  }
  return values;
}

/** An address in what a tool printed: at least six digits and nothing else but spaces; null for "not yet" in whatever words. */
export function readId(printed: string): string | null {
  const text = printed.replace(/[\s\u00a0\uFEFF]/g, '');
  return /^\d{6,12}$/.test(text) ? text : null;
}

const REG_SZ = /^"((?:[^"\\]|\\.)+)"="((?:[^"\\]|\\.)*)"$/;
const REG_DWORD = /^"((?:[^"\\]|\\.)+)"=dword:([0-9a-f]{1,8})$/i;
const unescaped = (text: string): string => text.replace(/\\(.)/g, '$1');

/** What `reg export` wrote: texts and numbers below each key, as `readRegistry` has them. */
export function readRegistryFile(text: string): Map<string, Map<string, string>> {
  const keys = new Map<string, Map<string, string>>();
  let values: Map<string, string> | null = null;
  for (const line of text.split(/\r?\n/)) {
    const key = /^\[(HKEY_.+)\]$/i.exec(line)?.[1];
    if (key) keys.set(key, (values = new Map()));
    const [, name, value] = REG_SZ.exec(line) ?? [];
    const [, numbered, number] = REG_DWORD.exec(line) ?? [];
    if (values && name !== undefined) values.set(unescaped(name).toLowerCase(), unescaped(value ?? ''));
    else if (values && numbered !== undefined) values.set(unescaped(numbered).toLowerCase(), `0x${number}`);
  }
  return keys;
}

/** Answer of `reg query … /s`: the values below each key. */
export function readRegistry(text: string): Map<string, Map<string, string>> {
  const keys = new Map<string, Map<string, string>>();
  let values: Map<string, string> | null = null;
  for (const line of text.split(/\r?\n/)) {
    if (/^HKEY_/i.test(line)) keys.set(line.trim(), (values = new Map()));
    const value = /^ {4}(.+?) {4}(REG_[A-Z_]+)(?: {4}(.*))?$/.exec(line);
    if (value && values) values.set((value[1] as string).toLowerCase(), value[3] ?? '');
  }
  return keys;
}
