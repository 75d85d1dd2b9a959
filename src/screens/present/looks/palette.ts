// Colours of pages and of terminals with 256 colours, by meaning. Chosen for contrast against both surfaces and for
// distance from each other as people with each kind of colour blindness see them; test/rules/contrast.test.ts measures.
// Colour is never the only sign: a word, an icon, an arrow or a length says the same.

import type { Family, Severity } from '../../../core/index.ts';

export interface Paint {
  readonly dark: string;
  readonly light: string;
  /** Index of the 256-colour palette of terminals on a dark and a light background. */
  readonly ansi: number;
  readonly ansiLight: number;
}

export const familyPaint: Readonly<Record<Family, Paint>> = {
  'web-secret': { dark: '#71B1F9', light: '#2776FD', ansi: 75, ansiLight: 27 },
  quic: { dark: '#A44ED4', light: '#8100A1', ansi: 134, ansiLight: 90 },
  'web-clear': { dark: '#E0D98B', light: '#A8880A', ansi: 186, ansiLight: 136 },
  names: { dark: '#398D64', light: '#157C5E', ansi: 65, ansiLight: 29 },
  remote: { dark: '#CB5313', light: '#A24E11', ansi: 166, ansiLight: 130 },
  'mail-files': { dark: '#E9A3AF', light: '#6D1722', ansi: 181, ansiLight: 52 },
  local: { dark: '#C1F3FA', light: '#014A50', ansi: 159, ansiLight: 23 },
  other: { dark: '#7B7F8F', light: '#868A94', ansi: 244, ansiLight: 245 },
};

export const familyTitle: Readonly<Record<Family, string>> = {
  'web-secret': 'web (TLS)',
  quic: 'QUIC',
  'web-clear': 'web (clear)',
  names: 'names (DNS)',
  remote: 'remote, data',
  'mail-files': 'mail, files',
  local: 'local',
  other: 'other',
};

export const severityPaint: Readonly<Record<Severity, Paint>> = {
  info: { dark: '#7D97BD', light: '#167DB5', ansi: 110, ansiLight: 31 },
  low: { dark: '#46DFBF', light: '#145D47', ansi: 79, ansiLight: 23 },
  medium: { dark: '#FEED0B', light: '#827100', ansi: 226, ansiLight: 94 },
  high: { dark: '#E49651', light: '#682A00', ansi: 173, ansiLight: 52 },
  severe: { dark: '#E49651', light: '#682A00', ansi: 173, ansiLight: 52 },
  critical: { dark: '#E03C6B', light: '#C62D64', ansi: 161, ansiLight: 161 },
};

export const directionPaint: Readonly<Record<'in' | 'out', Paint>> = {
  in: { dark: '#5CC8FF', light: '#0B63B0', ansi: 81, ansiLight: 25 },
  out: { dark: '#F2A65A', light: '#A24E11', ansi: 215, ansiLight: 130 },
};

/** Surfaces and ink; `contrast` is the third theme, for those who need more. */
export const pageSurfaces = {
  dark: {
    base: '#0D1117',
    raised: '#161B22',
    hairline: '#30363D',
    control: '#8B949E',
    text: '#E6EDF3',
    muted: '#9DA7B3',
    focus: '#58A6FF',
  },
  light: {
    base: '#FFFFFF',
    raised: '#F6F8FA',
    hairline: '#D0D7DE',
    control: '#6E7781',
    text: '#1F2328',
    muted: '#57606A',
    focus: '#0B63B0',
  },
  contrast: {
    base: '#000000',
    raised: '#000000',
    hairline: '#FFFFFF',
    control: '#FFFFFF',
    text: '#FFFFFF',
    muted: '#FFFFFF',
    focus: '#FFFF00',
  },
} as const;
