import { spotlight } from '@mantine/spotlight';
import { create } from 'zustand';

interface PaletteWords {
  words: string;
  setWords: (words: string) => void;
}

/** What stands in the palette's field. */
export const usePaletteWords = create<PaletteWords>((set) => ({ words: '', setWords: (words) => set({ words }) }));

/** Time in milliseconds that the palette's field may take to appear. */
const APPEARS_MS = 600;
let openedAt = 0;

export function openPalette(): void {
  openedAt = Date.now();
  spotlight.open();
}

/** A letter typed while the palette's field is not there yet goes into it all the same. @returns whether it was one */
export function typedAhead(event: KeyboardEvent): boolean {
  if (Date.now() - openedAt > APPEARS_MS || event.key.length !== 1 || event.ctrlKey || event.metaKey || event.altKey) return false;
  const { words, setWords } = usePaletteWords.getState();
  setWords(words + event.key);
  return true;
}
