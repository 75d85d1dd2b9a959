// Proves that interfaces are listed without privilege, numbered as tcpdump numbers them, and found by name, by number and
// not at all with near names.
import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { Failure } from '../../../core/index.ts';
import { listInterfaces, resolveInterface } from './interfaces.ts';
import { libpcapDevices } from './interfaces-libpcap.ts';
import { defaultRouteDevice } from './interfaces-linux.ts';

test('loopback is there, with its address and counters', () => {
  const list = listInterfaces();
  expect(list.map((one) => one.index)).toEqual(list.map((_, i) => i + 1));
  const loopback = list.find((one) => one.kind === 'loopback');
  expect(loopback).toMatchObject({ isUp: true, mac: null });
  expect(loopback?.addresses).toContainEqual({ address: '127.0.0.1', prefixLength: 8 });
});

test.skipIf(spawnSync('tcpdump', ['--version']).status !== 0)('numbers are those of tcpdump -D', () => {
  const said = spawnSync('tcpdump', ['-D'], { encoding: 'utf8' }).stdout;
  const order = [...said.matchAll(/^\d+\.(\S+)/gm)].map((match) => match[1]);
  const ours = listInterfaces().map((one) => one.name);
  expect(ours).toEqual(order.filter((name) => ours.includes(name)));
});

test.skipIf(process.platform !== 'linux')('libpcap, used elsewhere, tells the same names and addresses', () => {
  const byName = new Map(libpcapDevices().map((one) => [one.name, one]));
  for (const one of listInterfaces()) {
    const other = byName.get(one.name);
    expect(other, one.name).toMatchObject({ isUp: one.isUp, isRunning: one.isRunning });
    expect(other?.addresses.map(String).length).toBe(one.addresses.length);
    for (const address of one.addresses) expect(other?.addresses).toContainEqual(address);
  }
});

test('an interface is found by name and by number; a missing one names its neighbours', () => {
  const list = listInterfaces();
  expect(resolveInterface('lo', list).name).toBe('lo');
  expect(resolveInterface(String(list[0].index), list)).toBe(list[0]);
  const fail = (text: string) => {
    try {
      resolveInterface(text, list);
    } catch (failure) {
      return failure as Failure;
    }
    throw new Error('found');
  };
  expect(fail('lp')).toBeInstanceOf(Failure);
  expect(fail('lp')).toMatchObject({ code: 'NO_SUCH_INTERFACE', message: 'there is no interface named lp' });
  expect(fail('lp').hint).toMatch(/^There is: lo, /);
  expect(fail('99').message).toBe('there is no interface number 99');
  expect(fail('\u001b[2J').message).toContain('\\x1b');
});

test('the default route with the lowest metric counts', () => {
  const head = 'Iface Destination Gateway Flags RefCnt Use Metric Mask MTU Window IRTT';
  const line = (name: string, to: string, flags: string, metric: number) =>
    `${name}\t${to}\t0102A8C0\t${flags}\t0\t0\t${metric}\t${to === '00000000' ? to : '00FFFFFF'}\t0\t0\t0`;
  const table = [head, line('wlan0', '00000000', '0003', 600), line('eth0', '00000000', '0003', 100)];
  expect(defaultRouteDevice([...table, line('eth1', '0002A8C0', '0001', 0)].join('\n'))).toBe('eth0');
  expect(defaultRouteDevice([head, line('eth0', '00000000', '0000', 0)].join('\n'))).toBeNull();
});
