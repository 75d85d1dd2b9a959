// The end of a run: its summary on the stream it was asked for, the three lines of tcpdump, and what was damaged.

import { type ExitCode, exitCodes, printable, type Snapshot } from '../../../../core/index.ts';
import { summaryDocument, summaryText } from '../../../../screens/present/index.ts';
import type { RunResult } from '../../../pipeline/index.ts';
import type { Console } from '../../console/index.ts';
import { closingAnomalies, otherAlerts } from './capture-notes.ts';
import type { RunTask } from './run-task.ts';

/** Writes all of it and gives the exit code. */
export function closeRun(task: RunTask, result: RunResult, console: Console, version: string): ExitCode {
  const { plan, styles } = task;
  const { damage, snapshot } = result;
  const about = { ...task.about, damage: damage === null ? null : damageText(damage) };
  if (plan.summary === 'json') console.out(`${JSON.stringify(summaryDocument(snapshot, about, version))}\n`);
  else if (plan.summary === 'text') {
    const isOut = plan.summaryTo === 'stdout';
    const rest = { ...snapshot, alerts: otherAlerts(snapshot.alerts) };
    const text = summaryText(rest, about, isOut ? styles.stdout : styles.stderr);
    const anomalies = closingAnomalies(snapshot.alerts);
    (isOut ? console.out : console.err)(`${text}\n${anomalies === '' ? '' : `\n${anomalies}`}`);
  }
  console.flush();
  if (task.isVerbose) console.err(stageLines(snapshot));
  if (task.isLive) console.err(statsLines(snapshot));
  if (about.damage === null) return exitCodes.ok;
  console.err(`taplight: ${about.damage} Everything before that was read.\n`);
  return exitCodes.damagedInput;
}

/** Which input, where, and why: one sentence. */
function damageText({ input, at, because }: NonNullable<RunResult['damage']>): string {
  const where = input === '-' ? 'standard input' : input;
  const why = /[.!?]$/.test(because) ? because : `${because}.`;
  return printable(`${where} is damaged at byte ${at}: ${why}`);
}

/** As tcpdump ends; lines for other losses only when there were any. */
export function statsLines(snapshot: Snapshot): string {
  const { kernel, interface: device, queue } = snapshot.dropped;
  const lines = [
    `${snapshot.packets} packets captured`,
    `${snapshot.received} packets received by filter`,
    `${kernel} packets dropped by kernel`,
  ];
  if (device > 0) lines.push(`${device} packets dropped by interface`);
  if (queue > 0) lines.push(`${queue} records dropped by taplight, its output was too slow`);
  return `${lines.join('\n')}\n`;
}

function stageLines(snapshot: Snapshot): string {
  return snapshot.stages.map((stage) => `stage ${stage.name}: ${stage.in} in, ${stage.dropped} dropped\n`).join('');
}
