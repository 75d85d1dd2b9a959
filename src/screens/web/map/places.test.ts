// Proves that traffic is added up by the country of hosts outside, and that the house is where most of its addresses are.
import { expect, test } from 'vitest';
import { countryTraffic, homeCountry } from './places.ts';

const rows = [
  { ip: '203.0.113.1', country: 'us', local: false, bytes_in: 5, bytes_out: 100 },
  { ip: '203.0.113.2', country: 'US', local: false, bytes_in: 1, bytes_out: 2 },
  { ip: '198.51.100.2', country: 'DE', local: false, bytes_in: 50, bytes_out: 500 },
  { ip: '198.51.100.9', country: '', local: false, bytes_in: 9e9, bytes_out: 9e9 },
  { ip: '2001:db8::1', country: 'CH', local: true, bytes_in: 7e9, bytes_out: 7e9 },
  { ip: '2001:db8::2', country: 'ch', local: true, bytes_in: 0, bytes_out: 0 },
  { ip: '192.0.2.1', country: 'AT', local: true, bytes_in: 0, bytes_out: 0 },
];

test('by country, seen from the house', () => {
  expect(countryTraffic(rows, (code) => `<${code}>`)).toEqual([
    { code: 'DE', title: '<DE>', bytesIn: 500, bytesOut: 50, hosts: 1 },
    { code: 'US', title: '<US>', bytesIn: 102, bytesOut: 6, hosts: 2 },
  ]);
});

test('where the house is', () => {
  expect(homeCountry(rows)).toBe('CH');
  expect(homeCountry(rows.filter(({ local }) => !local))).toBeNull();
});
