const KEPT_MS = 60_000;

/** Hands a file to the person's downloads. */
export function saveFile(file: Blob, name: string): void {
  const url = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // A browser may ask where to put it before it reads.
  setTimeout(() => URL.revokeObjectURL(url), KEPT_MS);
}
