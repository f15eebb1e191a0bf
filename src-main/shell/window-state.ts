import { screen, type BrowserWindow, type Rectangle } from 'electron';
import { readFileSync, writeFileSync } from 'node:fs';

interface WindowState {
  bounds: Partial<Rectangle> & { width: number; height: number };
  maximized: boolean;
}

const USUAL: WindowState = { bounds: { width: 1280, height: 820 }, maximized: false };

const isRectangle = (value: unknown): value is Rectangle => typeof value === 'object' && value !== null && (['x', 'y', 'width', 'height'] as const).every((key) => key in value && Number.isFinite((value as Rectangle)[key]));

/** Where the window was when it was last closed, if that place is still on a screen; else the usual size wherever the system likes. */
export function readWindowState(file: string): WindowState {
  let kept: { bounds?: unknown; maximized?: unknown };
  try {
    kept = JSON.parse(readFileSync(file, 'utf8')) as { bounds?: unknown; maximized?: unknown };
  } catch {
    return USUAL;
  }
  const { bounds } = kept;
  if (!isRectangle(bounds)) return USUAL;
  const { workArea } = screen.getDisplayMatching(bounds);
  const seen = bounds.x < workArea.x + workArea.width - 80 && bounds.x + bounds.width > workArea.x + 80 && bounds.y >= workArea.y - 20 && bounds.y < workArea.y + workArea.height - 40;
  const size = { width: Math.min(bounds.width, workArea.width), height: Math.min(bounds.height, workArea.height) };
  return { bounds: seen ? { x: bounds.x, y: bounds.y, ...size } : size, maximized: kept.maximized === true };
}

/** Remembers the place of a window that is about to close; a folder that cannot be written only costs the memory of it. */
export function keepWindowState(file: string, window: BrowserWindow): void {
  try {
    writeFileSync(file, JSON.stringify({ bounds: window.getNormalBounds(), maximized: window.isMaximized() }));
  } catch {
    return;
  }
}
