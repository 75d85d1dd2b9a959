// Proves that places of addresses are read from the user's own databases, and that other files are refused by name.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { mmdb } from '../golden/mmdb.ts';
import { asnText } from './geo.ts';
import { openGeo } from './open-geo.ts';

const folder = mkdtempSync(join(tmpdir(), 'taplight-geo-'));
afterAll(() => rmSync(folder, { recursive: true }));

function written(name: string, bytes: Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

const cities = mmdb('Test-City', {
  '203.0.113.0/24': { country: { iso_code: 'CH' }, location: { latitude: 46.95, longitude: 7.45 } },
  '198.51.100.0/25': { country: { iso_code: 'not a code' } },
});
const networks = mmdb('Test-ASN', {
  '203.0.113.128/25': { autonomous_system_number: 64_500, autonomous_system_organization: 'Example' },
});

describe('places', () => {
  it('are put together from all databases', async () => {
    const geo = await openGeo([written('city.mmdb', cities), written('asn.mmdb', networks)]);
    const place = geo.look('203.0.113.200');
    expect(place).toEqual({ country: 'CH', lat: 46.95, lon: 7.45, asn: 64_500, organisation: 'Example' });
    expect(asnText(place)).toBe('AS64500 Example');
    expect(geo.look('203.0.113.7')).toMatchObject({ country: 'CH', asn: null });
    expect(asnText(geo.look('203.0.113.7'))).toBe('');
    expect(geo.look('198.51.100.1')).toBeNull();
    expect(geo.look('10.0.0.1')).toBeNull();
    expect(geo.look('no address')).toBeNull();
    expect(geo.look('203.0.113.200')).toBe(place);
  });

  it('are refused where the file is no database, cut off, or not there', async () => {
    const other = written('other.mmdb', Buffer.from('hello, this is none of them'));
    await expect(openGeo([other])).rejects.toMatchObject({ code: 'UNKNOWN_FILE_FORMAT' });
    const cut = written('cut.mmdb', cities.subarray(0, cities.length - 60));
    await expect(openGeo([cut])).rejects.toMatchObject({ code: 'UNKNOWN_FILE_FORMAT' });
    await expect(openGeo([join(folder, 'none.mmdb')])).rejects.toMatchObject({ code: 'NO_SUCH_FILE' });
    await expect(openGeo([folder])).rejects.toMatchObject({ code: 'FILE_UNREADABLE' });
  });

  it('never throw for damage inside', async () => {
    const damaged = Buffer.from(cities);
    damaged.fill(0xff, 6 * 20, 6 * 30);
    const geo = await openGeo([written('damaged.mmdb', damaged)]);
    expect(() => geo.look('203.0.113.200')).not.toThrow();
  });
});
