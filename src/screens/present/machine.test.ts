// Proves that interfaces, checks and failures are shown in a form that can be read, copied and searched for.
import { describe, expect, test } from 'vitest';
import { cellWidth } from './columns.ts';
import { paint, type Style, wantsColour, wantsUnicode } from './looks/style.ts';
import { type DoctorCheck, doctorText, failureLine, type InterfaceRow, interfacesTable } from './machine.ts';

const style = (width: number, more: Partial<Style> = {}): Style => ({ width, colour: false, unicode: true, ...more });

const rows: InterfaceRow[] = [
  {
    number: 1,
    name: 'eth0',
    kind: 'ethernet',
    state: 'up',
    addresses: ['10.0.0.2', 'fe80::1', '::1'],
    speedBps: 1e9,
    rxBytesPerSec: 1_234_567,
    txBytesPerSec: 0,
  },
  {
    number: 10,
    name: 'evil\u001b[2J',
    kind: 'loopback',
    state: 'unknown',
    addresses: [],
    speedBps: null,
    rxBytesPerSec: null,
    txBytesPerSec: null,
  },
];

describe('interfaces', () => {
  test.each([60, 80, 120])('at %d cells', (width) => {
    const text = interfacesTable(rows, style(width));
    expect(text).toMatchSnapshot();
    for (const line of text.split('\n')) expect(cellWidth(line)).toBeLessThanOrEqual(width);
    expect(text).toContain('evil\\x1b[2J');
  });

  test('none, and ASCII', () => {
    expect(interfacesTable([], style(80))).toBe('No interfaces.');
    expect(interfacesTable(rows, style(120, { unicode: false }))).toMatch(/^[\x20-\x7e\n]*$/);
  });
});

const checks: DoctorCheck[] = [
  {
    name: 'raw capture',
    result: 'failed',
    text: 'This process may not open a capture socket, because it lacks the capability.',
    fix: 'sudo setcap cap_net_raw+ep /usr/bin/node-with-a-long-path-that-is-not-wrapped',
  },
  { name: 'libpcap', result: 'ok', text: 'Version 1.10.3.' },
  { name: 'buffer', result: 'warning', text: 'Small.' },
];

describe('the doctor', () => {
  test.each([60, 120])('at %d cells', (width) => {
    expect(doctorText(checks, style(width))).toMatchSnapshot();
  });

  test('the fix stands on one line, so that it can be copied', () => {
    expect(
      doctorText(checks, style(40))
        .split('\n')
        .some((line) => line.endsWith(`→ ${checks[0].fix}`)),
    ).toBe(true);
  });

  test('all well; ASCII; none', () => {
    expect(doctorText([checks[1]], style(80))).toContain('Everything is in order.');
    expect(doctorText(checks, style(80, { unicode: false }))).toMatch(/^[\x20-\x7e\n]*$/);
    expect(doctorText([], style(80))).toContain('Everything is in order.');
  });
});

test('a failure is one line', () => {
  expect(failureLine({ code: 'NO_SUCH_INTERFACE', message: 'no interface "eth9"', hint: 'See taplight -D.' })).toBe(
    'taplight: no interface "eth9". See taplight -D.',
  );
  expect(failureLine({ code: 'BAD_FILTER', message: 'what?\nno', hint: '' })).toBe('taplight: what?\\x0ano.');
});

describe('colour', () => {
  test.each([
    [{ isTty: true }, true],
    [{ isTty: false }, false],
    [{ isTty: true, term: 'dumb' }, false],
    [{ isTty: true, noColor: '1' }, false],
    [{ isTty: true, noColor: '' }, true],
    [{ isTty: false, forceColor: '1' }, true],
    [{ isTty: true, forceColor: '0' }, false],
    [{ isTty: false, forceColor: '1', noColor: '1' }, true],
    [{ isTty: true, forceColor: '1', asked: false }, false],
    [{ isTty: false, asked: true }, true],
  ])('%j', (signs, wanted) => {
    expect(wantsColour(signs)).toBe(wanted);
  });

  test('unicode', () => {
    expect(wantsUnicode({ isTty: true })).toBe(true);
    expect(wantsUnicode({ isTty: true, locale: 'C' })).toBe(false);
    expect(wantsUnicode({ isTty: true, locale: 'de_CH.UTF-8' })).toBe(true);
    expect(wantsUnicode({ isTty: true, term: 'linux', locale: 'C.UTF-8' })).toBe(false);
  });

  test('painting', () => {
    expect(paint('x', 'good', { colour: false })).toBe('x');
    expect(paint('x', 'good', { colour: true })).toBe('\u001b[32mx\u001b[0m');
    expect(paint('', 'good', { colour: true })).toBe('');
  });
});
