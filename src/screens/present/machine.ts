// What this machine offers and what went wrong: the list of interfaces, the doctor's findings, the one line of a failure.

import { type FailureData, printable } from '../../core/index.ts';
import { pad, table, wrap } from './columns.ts';
import { paint, plainMarks, type Style } from './looks/style.ts';
import { formatBitRate, unknown } from './quantities.ts';

export interface InterfaceRow {
  readonly number: number;
  readonly name: string;
  /** `ethernet`, `wi-fi`, `loopback` … */
  readonly kind: string;
  readonly state: 'up' | 'down' | 'unknown';
  readonly addresses: readonly string[];
  /** Link speed, bits per second; null when not known. */
  readonly speedBps: number | null;
  /** Rates now, bytes per second; null when not measured. */
  readonly rxBytesPerSec: number | null;
  readonly txBytesPerSec: number | null;
}

function rate(bytesPerSec: number | null): string {
  return bytesPerSec === null ? unknown : formatBitRate(bytesPerSec * 8);
}

/** The interfaces under their titles; addresses beyond the first two are counted. */
export function interfacesTable(rows: readonly InterfaceRow[], style: Style): string {
  if (rows.length === 0) return 'No interfaces.';
  const lines = table(
    [
      { title: '#', align: 'right' },
      { title: 'name' },
      { title: 'kind', rank: 3 },
      { title: 'state' },
      { title: style.unicode ? '↓ in' : 'in', align: 'right', rank: 2 },
      { title: style.unicode ? '↑ out' : 'out', align: 'right', rank: 2 },
      { title: 'speed', align: 'right', rank: 4 },
      { title: 'addresses', rank: 1 },
    ],
    rows.map((row) => {
      const shown = row.addresses.slice(0, 2).map((address) => printable(address) as string);
      if (row.addresses.length > 2) shown.push(`+${row.addresses.length - 2}`);
      return [
        String(row.number),
        printable(row.name),
        printable(row.kind),
        row.state === 'unknown' ? unknown : row.state,
        rate(row.rxBytesPerSec),
        rate(row.txBytesPerSec),
        row.speedBps === null ? unknown : formatBitRate(row.speedBps),
        shown.join(', '),
      ];
    }),
    style,
  );
  return plainMarks(lines.join('\n'), style);
}

export interface DoctorCheck {
  /** What was looked at, a few words. */
  readonly name: string;
  readonly result: 'ok' | 'warning' | 'failed';
  /** What was found, one sentence. */
  readonly text: string;
  /** The exact command or step that mends it, where there is one. */
  readonly fix?: string;
}

const marks = {
  ok: ['✓', 'ok', 'good'],
  warning: ['▲', 'warning', 'medium'],
  failed: ['✗', 'failed', 'high'],
} as const;

/** One paragraph per check, what to do under it; then one line that says how it stands. */
export function doctorText(checks: readonly DoctorCheck[], style: Style): string {
  const nameCells = Math.min(24, Math.max(...checks.map((check) => check.name.length), 4));
  const indent = ' '.repeat(nameCells + 14);
  const lines = checks.flatMap((check) => {
    const [icon, word, role] = marks[check.result];
    const mark = pad(style.unicode ? `${icon} ${word}` : word, 10);
    const text = wrap(printable(check.text), Math.max(20, style.width - indent.length));
    return [
      `  ${paint(mark, role, style)}  ${pad(printable(check.name), nameCells)}${text[0] === '' ? '' : `  ${text[0]}`}`,
      ...text.slice(1).map((line) => `${indent}  ${line}`),
      // Not wrapped: it is there to be copied.
      ...(check.fix === undefined ? [] : [`${indent}  → ${printable(check.fix)}`]),
    ];
  });
  const failed = checks.filter((check) => check.result === 'failed').length;
  const warned = checks.filter((check) => check.result === 'warning').length;
  const end =
    failed + warned === 0
      ? 'Everything is in order.'
      : `${failed} failed, ${warned} with a warning, of ${checks.length}.`;
  return plainMarks([...lines, '', end].join('\n'), style);
}

/** `taplight: <what happened>. <what to do next>` on one line, without a line feed. */
export function failureLine(failure: FailureData): string {
  const sentence = (text: string): string => (/[.!?]$/.test(text) || text === '' ? text : `${text}.`);
  return `taplight: ${sentence(printable(failure.message))} ${printable(failure.hint)}`.trimEnd();
}
