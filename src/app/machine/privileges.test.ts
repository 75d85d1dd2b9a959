// Proves whom we become after sudo, that advice gives absolute paths and fits the surroundings, and that every check of
// the doctor answers. That dropping works is proved in test/e2e/live-privileges.test.ts.
import { expect, test } from 'vitest';
import { shellWord } from '../../capture/sources/live/af-packet-failures.ts';
import { examine } from './doctor.ts';
import { permissionAdvice, privilegesToDrop, type Surroundings } from './privileges.ts';

const linux: Surroundings = { platform: 'linux', isContainer: false, isWsl: false, isNixos: false };

test('only root that came through sudo becomes somebody else', () => {
  const sudo = { SUDO_UID: '1000', SUDO_GID: '100' };
  expect(privilegesToDrop(sudo, 0)).toEqual({ uid: 1000, gid: 100 });
  expect(privilegesToDrop(sudo, 1000)).toBeNull();
  expect(privilegesToDrop({}, 0)).toBeNull();
  expect(privilegesToDrop({ ...sudo, SUDO_UID: '0' }, 0)).toBeNull();
  expect(privilegesToDrop({ ...sudo, SUDO_UID: '-1' }, 0)).toBeNull();
});

test('lines to type have absolute paths and name the interface', () => {
  const [once, asYourself, forGood] = permissionAdvice('eth0', linux);
  expect(once.lines[0]).toMatch(/^sudo \/\S+ \/.* -i eth0$/);
  expect(asYourself.lines[0]).toContain('--ambient-caps=+net_raw');
  expect(forGood.lines[1]).toMatch(/^sudo setcap cap_net_raw\+ep \/.*\/taplight\/node$/);
  // The system's own node never gets the capability.
  expect(forGood.lines[1]).not.toContain(` ${process.execPath}`);
});

test('surroundings change the advice', () => {
  const titles = (more: Partial<Surroundings>) =>
    permissionAdvice('eth0', { ...linux, ...more }).map((one) => one.title);
  expect(titles({ isContainer: true })[0]).toBe('in this container');
  expect(titles({ isWsl: true })).toContain('in WSL');
  expect(titles({ isNixos: true })).not.toContain('for good');
  expect(titles({ platform: 'win32' })).toEqual(['once']);
});

test('words are quoted so that a shell gives them back', () => {
  expect(shellWord('/usr/bin/node')).toBe('/usr/bin/node');
  expect(shellWord("tcp and (port 80) it's")).toBe("'tcp and (port 80) it'\\''s'");
});

test('every check of the doctor answers, and what is not ok has a fix', () => {
  const checks = examine();
  const names = ['platform', 'node', 'koffi', 'libpcap', 'capture', 'interfaces', 'buffers', 'store', 'terminal'];
  expect(checks.map((one) => one.name)).toEqual(names);
  for (const one of checks) {
    expect(one.found, one.name).not.toBe('');
    if (one.ok === false) expect(one.fix, one.name).not.toBe('');
  }
});
