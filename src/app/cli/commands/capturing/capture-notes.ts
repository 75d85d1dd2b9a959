// What people are told while a capture runs: anomalies, findings, charts, and the line at the bottom of the screen.

import { lstatSync, renameSync, writeFileSync } from 'node:fs';
import { type Alert, Failure, type Finding, printable, type Snapshot } from '../../../../core/index.ts';
import {
  anomalyLine,
  counted,
  type ProtocolVolumes,
  protocolChart,
  protocolChartSvg,
} from '../../../../screens/present/index.ts';
import { type Console, readProgress, runStatus } from '../../console/index.ts';
import type { RunTask } from './run-task.ts';

export interface CaptureNotes {
  /**
   * Tells what is begun, and draws an empty picture: a path that cannot be written is told before the capture. Throws
   * WRITE_FAILED.
   */
  opened(): void;
  alert(alert: Alert): void;
  snapshot(snapshot: Snapshot, nowMs: number): void;
  progress(done: number, total: number | null, nowMs: number): void;
  /** Writes the picture once more. */
  finish(snapshot: Snapshot): void;
}

/** Notes of a task that began at `startMs`. */
export function captureNotes(console: Console, task: RunTask, startMs: number): CaptureNotes {
  const { plan, source } = task;
  const style = plan.notesTo === 'stdout' ? task.styles.stdout : task.styles.stderr;
  const status = runStatus(source);
  const progressLine = readProgress(startMs);
  const draw = (volumes: ProtocolVolumes) => {
    if (plan.chartFile !== null) writePicture(plan.chartFile, protocolChartSvg(volumes, source));
  };
  const told = new Set<string>();
  let lastChartMs = startMs;
  const tell = (text: string) => {
    if (plan.notesTo === 'stdout') console.out(text);
    else if (plan.notesTo === 'stderr') console.err(text);
  };
  return {
    opened: () => {
      if (task.opening !== null) tell(`${task.opening}\n`);
      draw({});
    },
    alert: (alert) => tell(`${alertLine(alert)}\n`),
    snapshot: (snapshot, nowMs) => {
      for (const finding of snapshot.findings) {
        if (told.has(finding.code)) continue;
        told.add(finding.code);
        tell(`${findingLine(finding)}\n`);
      }
      if (plan.chartEverySec > 0 && nowMs - lastChartMs >= plan.chartEverySec * 1000 - 50) {
        lastChartMs = nowMs;
        tell(`\n${protocolChart(snapshot.ip, style)}\n`);
        draw(snapshot.ip);
      }
      if (plan.showStatus) console.bottom(status(snapshot, nowMs));
    },
    progress: (done, total, nowMs) => {
      const line = plan.showProgress ? progressLine(done, total, nowMs) : null;
      if (line !== null) console.bottom(line);
    },
    finish: (snapshot) => draw(snapshot.ip),
  };
}

/** The alert that is told in the promised words. */
const packetCount = 'volume.packet-count';

/** Alerts that the closing summary does not tell in those words anyway. */
export function otherAlerts(alerts: readonly Alert[]): readonly Alert[] {
  return alerts.filter((alert) => alert.detector !== packetCount);
}

function alertLine(alert: Alert): string {
  if (alert.detector === packetCount) return anomalyLine(alert.key, alert.count);
  return printable(`Alert (${alert.severity}): ${alert.explain} [${alert.detector}]`);
}

/** Sources told by name at the end. */
const closingLines = 20;

/** The final counts of sources that sent too much, most first: lines of the closing summary, empty when there are none. */
export function closingAnomalies(alerts: readonly Alert[]): string {
  const loud = alerts.filter((alert) => alert.detector === packetCount).sort((a, b) => b.count - a.count);
  const lines = loud.slice(0, closingLines).map((alert) => `${alertLine(alert)}\n`);
  if (loud.length > closingLines) lines.push(`… and ${counted(loud.length - closingLines, 'more source')}\n`);
  return lines.join('');
}

function findingLine(finding: Finding): string {
  return printable(`${finding.severity === 'warning' ? 'Warning' : 'Note'}: ${finding.text} ${finding.advice}`);
}

/**
 * Writes beside the file and moves it over, so that whoever shows the picture never reads half of one. Devices, pipes
 * and links are written to as they are.
 */
function writePicture(path: string, svg: string): void {
  try {
    const there = lstatSync(path, { throwIfNoEntry: false });
    const isPlain = there === undefined || there.isFile();
    const beside = isPlain ? `${path}.part` : path;
    writeFileSync(beside, svg);
    if (isPlain) renameSync(beside, path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException; // fs throws nothing else
    throw new Failure(
      'WRITE_FAILED',
      `cannot write the chart to ${path} (${code})`,
      'Check the path and the disk.',
      error,
    );
  }
}
