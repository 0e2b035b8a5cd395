import { createTheme, type CSSVariablesResolver } from '@mantine/core';

export const theme = createTheme({
  primaryColor: 'indigo',
  primaryShade: { light: 7, dark: 8 },
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  autoContrast: true,
  headings: {
    fontWeight: '650',
    // A long title leaves room for the content on a small phone.
    sizes: { h1: { fontSize: 'clamp(1.55rem, 5vw, 2.125rem)', lineHeight: '1.25' } },
  },
});

/**
 * Text colours are stronger than the library's where these have a contrast below 4.5 : 1. The page is
 * one step off its cards, so that they stand out without shadows.
 */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': 'var(--mantine-color-gray-7)',
    '--mantine-color-placeholder': '#6c737a',
    '--mantine-color-error': 'var(--mantine-color-red-9)',
    '--mantine-color-green-light-color': '#246b33',
    '--mantine-color-orange-light-color': '#a8390b',
    '--modex-page': 'var(--mantine-color-gray-0)',
    '--modex-changed': 'var(--mantine-color-indigo-1)',
  },
  dark: {
    '--mantine-color-dimmed': 'var(--mantine-color-dark-1)',
    '--mantine-color-placeholder': '#9a9a9a',
    '--mantine-color-error': 'var(--mantine-color-red-4)',
    '--modex-page': 'var(--mantine-color-dark-9)',
    '--modex-changed': 'var(--mantine-color-indigo-9)',
  },
});
