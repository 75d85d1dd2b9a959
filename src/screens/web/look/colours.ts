// Colours of `screens/present` as the variables of a stylesheet, for three themes. The build calls this.

import { directionPaint, familyPaint, type Paint, pageSurfaces, severityPaint } from '../../present/index.ts';

type Theme = keyof typeof pageSurfaces;

const painted = (prefix: string, paints: Readonly<Record<string, Paint>>, side: 'dark' | 'light'): string[] =>
  Object.entries(paints).map(([name, each]) => `--${prefix}${name}:${each[side]}`);

function variables(theme: Theme): string {
  const side = theme === 'light' ? 'light' : 'dark';
  const surfaces = Object.entries(pageSurfaces[theme]).map(([name, colour]) => `--${name}:${colour}`);
  return [
    `color-scheme:${side}`,
    ...surfaces,
    ...painted('p-', familyPaint, side),
    ...painted('s-', severityPaint, side),
    ...painted('d-', directionPaint, side),
  ].join(';');
}

/** What the system asks for counts until somebody chooses. */
export function colourSheet(): string {
  return [
    `:root{${variables('dark')}}`,
    `@media (prefers-color-scheme:light){:root{${variables('light')}}}`,
    `@media (prefers-contrast:more){:root{${variables('contrast')}}}`,
    ...Object.keys(familyPaint).map((name) => `.patch.p-${name}{background:var(--p-${name})}`),
    ...Object.keys(severityPaint).map(
      (name) => `.s-${name}>[aria-hidden],.s-${name}[aria-hidden]{color:var(--s-${name})}`,
    ),
    ...(['dark', 'light', 'contrast'] as const).map((theme) => `:root[data-theme=${theme}]{${variables(theme)}}`),
  ].join('\n');
}
