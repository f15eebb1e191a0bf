import { DEFAULT_THEME, mergeMantineTheme } from '@mantine/core';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { legible, theme } from '../../src-renderer/app/theme.ts';

const merged = mergeMantineTheme(DEFAULT_THEME, theme);
const css = readFileSync(join(import.meta.dirname, '../../src-renderer/app/global.css'), 'utf8');
type Scheme = 'light' | 'dark';

/** A colour of the page's own style sheet. */
const ground = (scheme: Scheme, name: string): string => new RegExp(`'${scheme}'\\] \\{[^}]*--${name}: (#[0-9a-f]{6})`).exec(css)?.[1] ?? '';

/** What a variable of the theme comes to in the end, as `#rrggbb`. */
function colour(scheme: Scheme, name: string): string {
  const value = legible(merged)[scheme][`--mantine-color-${name}`] ?? '';
  const [, palette, shade] = /^var\(--mantine-color-(\w+)-(\d)\)$/.exec(value) ?? [];
  return palette === undefined ? value : (merged.colors[palette]?.[Number(shade)] ?? '');
}

/** Relative luminance and contrast as WCAG 2 defines them. */
function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255).map((part) => (part <= 0.039_28 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
const contrast = (one: string, other: string): number => {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
};

describe.each(['light', 'dark'] as const)('words can be read in the %s theme', (scheme) => {
  it.each(['red-filled', 'red-filled-hover', 'orange-filled', 'orange-filled-hover', ...(scheme === 'dark' ? ['field-filled', 'field-filled-hover'] : [])])('white on a button that is %s', (name) => {
    expect(contrast('#ffffff', colour(scheme, name))).toBeGreaterThanOrEqual(4.5);
  });

  it.each(['surface', 'surface-sunken'])('what is wrong with a field, and by-words, on the %s', (name) => {
    expect(contrast(colour(scheme, 'error'), ground(scheme, name))).toBeGreaterThanOrEqual(4.5);
    if (scheme === 'light') expect(contrast(colour(scheme, 'dimmed'), ground(scheme, name))).toBeGreaterThanOrEqual(4.5);
  });
});

it('white on the accent of the light theme', () => expect(contrast('#ffffff', merged.colors['field']?.[7] ?? '')).toBeGreaterThanOrEqual(4.5));
it('a warning on its light ground', () => expect(contrast(colour('light', 'orange-light-color'), merged.colors['orange']?.[1] ?? '')).toBeGreaterThanOrEqual(4.5));
