import { Badge, createTheme, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core';

/** The one accent colour: a deep teal that holds AA contrast on both backgrounds. */
const field: MantineColorsTuple = ['#e3f7fb', '#cfeaf0', '#a1d4df', '#70bdce', '#49aabf', '#309eb6', '#1f97b1', '#0b7285', '#08697b', '#005c6d'];

/** Greys of the dark theme: cool and even, not black. */
const dark: MantineColorsTuple = ['#d5dae0', '#b6bdc6', '#98a1ac', '#727c88', '#4a525c', '#363d46', '#262c33', '#1b1f24', '#14171b', '#0e1114'];

export const theme = createTheme({
  primaryColor: 'field',
  primaryShade: { light: 7, dark: 5 },
  colors: { field, dark },
  fontFamily: "'Inter Variable', system-ui, 'Segoe UI', sans-serif",
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.875rem', lg: '1rem', xl: '1.125rem' },
  headings: { fontWeight: '650', sizes: { h1: { fontSize: '1.25rem' }, h2: { fontSize: '1.0625rem' }, h3: { fontSize: '0.9375rem' } } },
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Button: { defaultProps: { size: 'sm' } },
    // A dot is told from its ground, not white words from it.
    Badge: Badge.extend({ vars: (_, { variant, color }) => ({ root: variant === 'dot' && color ? { '--badge-dot-color': `var(--mantine-color-${color}-text)` } : {} }) }),
    TextInput: { defaultProps: { size: 'sm' } },
    Select: { defaultProps: { size: 'sm', checkIconPosition: 'right' } },
    Tooltip: { defaultProps: { openDelay: 400, withArrow: true } },
    Modal: { defaultProps: { centered: true, transitionProps: { duration: 120 } } },
    Menu: { defaultProps: { transitionProps: { duration: 100 } } },
  },
});

/** Grounds for white words, as a button's, and the same under the pointer: each at 4.5 : 1 at least. */
const GROUNDS = { '--mantine-color-red-filled': 'var(--mantine-color-red-9)', '--mantine-color-red-filled-hover': '#b02525', '--mantine-color-orange-filled': '#b84a09', '--mantine-color-orange-filled-hover': '#ad4400' };

/** Colours where the framework's own choice cannot be read, or where a warning could not be told from a plain button. */
export const legible: CSSVariablesResolver = () => ({
  variables: {},
  light: { ...GROUNDS, '--mantine-color-orange-light-color': '#a33a08', '--mantine-color-error': 'var(--mantine-color-red-9)', '--mantine-color-dimmed': '#656d76' },
  dark: {
    ...GROUNDS,
    '--mantine-color-field-filled': '#127f95',
    '--mantine-color-field-filled-hover': '#0f7388',
    '--mantine-color-red-light-color': 'var(--mantine-color-red-4)',
    '--mantine-color-orange-light-color': 'var(--mantine-color-orange-4)',
    '--mantine-color-error': 'var(--mantine-color-red-5)',
  },
});
