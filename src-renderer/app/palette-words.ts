import { spotlight } from '@mantine/spotlight';
import { create } from 'zustand';

interface PaletteWords {
  words: string;
  setWords: (words: string) => void;
}

/** What stands in the palette's field. */
export const usePaletteWords = create<PaletteWords>((set) => ({ words: '', setWords: (words) => set({ words }) }));

/** The palette's field in the page. */
export const PALETTE_FIELD = 'palette-field';
/** The palette was called, and its field does not have the focus yet: however long that takes, what is typed meanwhile is meant for it. */
let awaited = false;

export function openPalette(): void {
  awaited = document.activeElement?.id !== PALETTE_FIELD;
  spotlight.open();
}

/** The palette's field has the focus. */
export function paletteArrived(): void {
  awaited = false;
}

/** The palette is going: keys pressed while it fades are for the page under it. */
export function paletteLeft(): void {
  awaited = false;
  const { activeElement } = document;
  if (activeElement instanceof HTMLElement && activeElement.id === PALETTE_FIELD) activeElement.blur();
}

/** A key pressed while the palette's field is not there yet goes into it all the same, wherever the focus still is. @returns whether it was one */
export function typedAhead(event: KeyboardEvent): boolean {
  if (!awaited || event.ctrlKey || event.metaKey || event.altKey) return false;
  const { words, setWords } = usePaletteWords.getState();
  if (event.key.length === 1) setWords(words + event.key);
  else if (event.key === 'Backspace') setWords(words.slice(0, -1));
  // Enter is not for the button that was left behind.
  else return event.key === 'Enter';
  return true;
}
