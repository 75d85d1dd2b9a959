// Proves that names of servers find their service by the longest suffix, and that the table is in order.

import { describe, expect, it } from 'vitest';
import { serviceCategories, serviceTable } from './domains.ts';
import { serviceOf, serviceWithCategoryOf } from './index.ts';

describe('serviceOf', () => {
  it('knows a domain and everything below it', () => {
    expect(serviceOf('netflix.com')).toBe('netflix');
    expect(serviceOf('ipv4-c001.1.oca.nflxvideo.net')).toBe('netflix');
    expect(serviceWithCategoryOf('www.netflix.com')).toEqual({ name: 'netflix', category: 'video' });
  });

  it('takes the longest suffix that is listed', () => {
    expect(serviceOf('docs.google.com')).toBe('google-drive');
    expect(serviceOf('www.google.com')).toBe('google');
    expect(serviceOf('outlook.office365.com')).toBe('outlook');
    expect(serviceOf('portal.office365.com')).toBe('office365');
  });

  it('does not care for case, a port or the dot at the end', () => {
    expect(serviceOf('API.GitHub.Com.')).toBe('github');
    expect(serviceOf('github.com:443')).toBe('github');
  });

  it('knows labels only as a whole', () => {
    expect(serviceOf('notnetflix.com')).toBeNull();
    expect(serviceOf('com')).toBeNull();
    expect(serviceOf('')).toBeNull();
    expect(serviceOf('192.0.2.1')).toBeNull();
  });
});

describe('the table', () => {
  const rows = serviceTable
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split(' '));

  it('has each name and each domain once', () => {
    const names = rows.map(([name]) => name);
    const domains = rows.flatMap(([, , ...suffixes]) => suffixes);
    expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
    expect(domains.filter((domain, i) => domains.indexOf(domain) !== i)).toEqual([]);
  });

  it('has known categories, and domains of at least two labels in lower case', () => {
    for (const [name, category, ...suffixes] of rows) {
      expect(name).toMatch(/^[a-z0-9-]+$/);
      expect(serviceCategories).toContain(category);
      expect(suffixes.length).toBeGreaterThan(0);
      for (const suffix of suffixes) expect(suffix).toMatch(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/);
    }
  });
});
