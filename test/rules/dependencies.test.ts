// Proves that what we install is free to use, pinned to one version, and recorded without download addresses.
import { describe, expect, it } from 'vitest';
import { textOf } from './source-files.ts';

interface Locked {
  readonly version?: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly license?: string;
  readonly resolved?: string;
  readonly integrity?: string;
}

const description = JSON.parse(textOf('package.json'));
const locked: Record<string, Locked> = JSON.parse(textOf('package-lock.json')).packages;
const packages = Object.entries(locked).filter(([path]) => path.startsWith('node_modules/'));
const shipped = packages.filter(([, entry]) => entry.dev !== true);

/** Licences that ask for no more than a notice. */
const allowed = new Set(['MIT', 'ISC', 'BSD-2-Clause', 'BSD-3-Clause', '0BSD', 'Apache-2.0']);

/** What a package says of itself: in package.json of the installed copy, or, where that is for another system, in the lock file. */
function licenceOf(path: string, entry: Locked): string {
  try {
    return String(JSON.parse(textOf(`${path}/package.json`)).license);
  } catch {
    return String(entry.license); // optional packages of other systems are not installed here
  }
}

describe('dependencies', () => {
  it('ships only packages under MIT, ISC, BSD or Apache licences', () => {
    expect(shipped.length).toBeGreaterThan(0);
    const foreign = shipped
      .map(([path, entry]) => `${path}: ${licenceOf(path, entry)}`)
      .filter((line) => !allowed.has(line.replace(/^.*: /, '')));
    expect(foreign).toEqual([]);
  });

  it('pins exact versions', () => {
    const wanted: Record<string, string> = { ...description.dependencies, ...description.devDependencies };
    const loose = Object.entries(wanted).filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version));
    expect(loose).toEqual([]);
    const other = Object.entries(wanted).filter(
      ([name, version]) => locked[`node_modules/${name}`]?.version !== version,
    );
    expect(other).toEqual([]);
  });

  it('locks by checksum and without the address of any mirror', () => {
    const open = packages.filter(([, entry]) => entry.integrity === undefined).map(([path]) => path);
    expect(open).toEqual([]);
    const addressed = packages.filter(([, entry]) => entry.resolved?.startsWith('http')).map(([path]) => path);
    expect(addressed).toEqual([]);
  });

  it('is MIT itself, and says so in one place each', () => {
    expect(description.license).toBe('MIT');
    expect(textOf('LICENSE')).toMatch(/^MIT License\n\nCopyright \(c\) \d{4} Taplight contributors\n/);
  });
});
