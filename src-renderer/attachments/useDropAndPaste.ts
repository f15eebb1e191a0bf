import i18next from 'i18next';
import { useEffect, useRef, useState, type DragEvent } from 'react';

interface Zone {
  over: boolean;
  onDragEnter: (event: DragEvent) => void;
  onDragLeave: (event: DragEvent) => void;
  onDragOver: (event: DragEvent) => void;
  onDrop: (event: DragEvent) => void;
}

const hasFiles = (event: DragEvent | globalThis.DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false;

/** A pasted picture is called «image.png» by every browser: the moment says more. */
function named(file: File): File {
  if (!/^image\.\w+$/.test(file.name)) return file;
  const now = new Date();
  const two = (value: number): string => String(value).padStart(2, '0');
  const moment = `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())} ${two(now.getHours())}-${two(now.getMinutes())}-${two(now.getSeconds())}`;
  return new File([file], `${i18next.t('attachments:pasted', { moment })}.${file.name.split('.').at(-1)}`, { type: file.type, lastModified: now.getTime() });
}

/** Files that are dropped on an element, and files or pictures that are pasted while it is on the screen. */
export function useDropAndPaste(take: (files: readonly File[]) => void, enabled: boolean): Zone {
  const [depth, setDepth] = useState(0);
  const latest = useRef(take);
  useEffect(() => {
    latest.current = take;
  });
  useEffect(() => {
    if (!enabled) return undefined;
    const ending = new AbortController();
    const { signal } = ending;
    const paste = (event: ClipboardEvent): void => {
      const files = [...(event.clipboardData?.files ?? [])];
      // Where there is text as well, it was meant for the field that has the focus.
      if (files.length === 0 || event.clipboardData?.types.includes('text/plain')) return;
      event.preventDefault();
      latest.current(files.map(named));
    };
    // A file that misses the place must not replace the page.
    const ignore = (event: globalThis.DragEvent): void => {
      if (hasFiles(event)) event.preventDefault();
    };
    document.addEventListener('paste', paste, { signal });
    window.addEventListener('dragover', ignore, { signal });
    window.addEventListener('drop', ignore, { signal });
    return () => ending.abort();
  }, [enabled]);
  const when = (event: DragEvent, work: () => void): void => {
    if (!enabled || !hasFiles(event)) return;
    event.preventDefault();
    work();
  };
  return {
    over: enabled && depth > 0,
    onDragEnter: (event) => when(event, () => setDepth((before) => before + 1)),
    onDragLeave: (event) => when(event, () => setDepth((before) => Math.max(0, before - 1))),
    onDragOver: (event) => when(event, () => {}),
    onDrop: (event) =>
      when(event, () => {
        setDepth(0);
        take([...event.dataTransfer.files]);
      }),
  };
}
