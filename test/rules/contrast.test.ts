// Proves that colours can be told from their surfaces and from each other, also by people with each kind of colour
// blindness, and that text can be read in every theme.
import { describe, expect, it } from 'vitest';
import { directionPaint, familyPaint, pageSurfaces, severityPaint } from '../../src/screens/present/index.ts';
import { closest, contrast, distance, eyes } from './colour-science.ts';

const themes = ['dark', 'light'] as const;
const groups = { families: familyPaint, severities: severityPaint, directions: directionPaint };

describe('colour science', () => {
  it('knows what others have computed', () => {
    expect(contrast('#FFFFFF', '#000000')).toBeCloseTo(21, 5);
    expect(contrast('#767676', '#FFFFFF')).toBeCloseTo(4.54, 2);
    expect(distance('#FF0000', '#FF0000', eyes.normal)).toBe(0);
    expect(distance('#FFFFFF', '#000000', eyes.normal)).toBeCloseTo(100, 1);
    // Red and green: far apart for most, near for those who lack a kind of cone.
    expect(distance('#FF0000', '#00FF00', eyes.normal)).toBeCloseTo(86.6, 0);
  });
});

describe.each(themes)('colours on %s surfaces', (theme) => {
  const { base, raised, text, muted, control, focus } = pageSurfaces[theme];

  it.each(Object.entries(groups))('%s stand out by 3 to 1', (_, group) => {
    const weak = Object.entries(group).filter(([, paint]) =>
      [base, raised].some((surface) => contrast(paint[theme], surface) < 3),
    );
    expect(weak.map(([name]) => name)).toEqual([]);
  });

  it('has text of at least 4.5 to 1, and marks of controls of 3 to 1', () => {
    for (const surface of [base, raised]) {
      expect(contrast(text, surface)).toBeGreaterThan(7);
      expect(contrast(muted, surface)).toBeGreaterThan(4.5);
      expect(contrast(control, surface)).toBeGreaterThan(3);
      expect(contrast(focus, surface)).toBeGreaterThan(3);
    }
  });

  it.each(Object.entries(eyes))('tells families and severities apart with %s eyes', (_, eye) => {
    const families = Object.values(familyPaint).map((paint) => paint[theme]);
    const severities = [...new Set(Object.values(severityPaint).map((paint) => paint[theme]))];
    expect(closest(families, eye)).toBeGreaterThan(13);
    expect(closest(severities, eye)).toBeGreaterThan(15);
    expect(distance(directionPaint.in[theme], directionPaint.out[theme], eye)).toBeGreaterThan(40);
  });
});

describe('the theme of high contrast', () => {
  it('has nothing below 7 to 1', () => {
    const { base, raised, ...inks } = pageSurfaces.contrast;
    for (const ink of Object.values(inks)) {
      expect(contrast(ink, base)).toBeGreaterThan(7);
      expect(contrast(ink, raised)).toBeGreaterThan(7);
    }
  });
});
