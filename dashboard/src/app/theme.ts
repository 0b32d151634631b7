import { createTheme, defaultVariantColorsResolver, type MantineColorsTuple } from '@mantine/core';

// One neutral grey, one accent, three meanings. Both themes take their surfaces from tokens.css.
const grey: MantineColorsTuple = [
  '#f7f8f9',
  '#eff1f3',
  '#e3e6ea',
  '#d0d5db',
  '#aab2bc',
  '#7d8794',
  '#5b6572',
  '#454e5a',
  '#2c333c',
  '#1a1f26',
];
/** Mantine draws dark surfaces with these; from text to the deepest. */
const dark: MantineColorsTuple = [
  '#e6e9ed',
  '#c3cad2',
  '#a2acb8',
  '#7d8794',
  '#47505b',
  '#2e353d',
  '#20252b',
  '#1a1e23',
  '#14171b',
  '#0f1215',
];
const accent: MantineColorsTuple = [
  '#eef2fd',
  '#dbe4fb',
  '#b8c9f6',
  '#92acf0',
  '#7d9cf0',
  '#4f75e0',
  '#3a62d6',
  '#2b50c8',
  '#2243a9',
  '#19348a',
];

export const theme = createTheme({
  colors: { gray: grey, dark, accent },
  primaryColor: 'accent',
  primaryShade: { light: 7, dark: 4 },
  autoContrast: true,
  luminanceThreshold: 0.34,
  // The contrast is worked out for the light theme's shade alone, and the dark one's is lighter.
  variantColorResolver: (input) => ({
    ...defaultVariantColorsResolver(input),
    ...(input.variant === 'filled' && (input.color ?? 'accent') === 'accent'
      ? { color: 'var(--on-accent)' }
      : {}),
  }),
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif',
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace',
  fontSizes: { xs: '12px', sm: '14px', md: '14px', lg: '16px', xl: '20px' },
  headings: {
    fontWeight: '600',
    sizes: {
      h1: { fontSize: '28px', lineHeight: '36px' },
      h2: { fontSize: '20px', lineHeight: '28px' },
      h3: { fontSize: '16px', lineHeight: '24px' },
    },
  },
  spacing: { xs: '4px', sm: '8px', md: '16px', lg: '24px', xl: '32px' },
  defaultRadius: 'md',
  radius: { xs: '3px', sm: '4px', md: '6px', lg: '6px', xl: '6px' },
  respectReducedMotion: true,
  components: {
    Modal: { defaultProps: { centered: true, overlayProps: { backgroundOpacity: 0.4 } } },
    Menu: { defaultProps: { transitionProps: { duration: 0 }, shadow: 'md' } },
    Tooltip: {
      defaultProps: { withArrow: true, openDelay: 250, events: { hover: true, focus: true, touch: true } },
    },
    Popover: { defaultProps: { transitionProps: { duration: 0 }, shadow: 'md' } },
    Button: { defaultProps: { size: 'sm' } },
    Loader: { defaultProps: { size: 'sm' } },
  },
});
