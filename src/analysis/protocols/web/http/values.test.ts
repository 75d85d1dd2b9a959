// Proves that a session is known again by its cookie, that other cookies are passed over, and that no cookie is told.

import { describe, expect, it } from 'vitest';
import { sessionHash } from './values.ts';

describe('sessionHash', () => {
  it('is the same for the same session, wherever it stands among the cookies', () => {
    const hash = sessionHash('security=low; PHPSESSID=ncobrqrb7fj2a2sinddtk567q4');
    expect(hash).toBeGreaterThan(0);
    expect(sessionHash('phpsessid=ncobrqrb7fj2a2sinddtk567q4; security=high')).toBe(hash);
    expect(sessionHash('PHPSESSID=lup70ajeuodkrhrvbmsjtgrd71')).not.toBe(hash);
  });

  it('is 0 without a session', () => {
    for (const cookies of [undefined, '', 'theme=dark', 'PHPSESSID=short', 'xPHPSESSID=ncobrqrb7fj2a2sinddtk567q4'])
      expect(sessionHash(cookies)).toBe(0);
  });
});
