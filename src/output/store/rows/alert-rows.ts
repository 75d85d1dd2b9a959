// Alerts as rows of the table `alerts`: a row each time an alert has changed.

import { type Alert, severities } from '../../../core/index.ts';
import { type Batch, BatchBuilder } from '../batches/index.ts';
import { alerts } from '../tables/index.ts';
import type { RowPlace } from './flow-rows.ts';

/**
 * Rows of these alerts; `version` tells newer states from older ones.
 * @param said states that a person has set, by id
 */
export function alertBatch(
  place: RowPlace,
  list: readonly Alert[],
  version: number,
  said: ReadonlyMap<string, string>,
): Batch {
  const b = new BatchBuilder(alerts, Math.max(16, list.length));
  const columns = columnsOf(b);
  for (const alert of list) {
    setNumbers(columns, b.row, place, alert, version);
    setWords(columns, b.row, alert, said.get(alert.id) ?? alert.state);
    b.endRow();
  }
  return b.take();
}

function setNumbers(c: ReturnType<typeof columnsOf>, at: number, place: RowPlace, alert: Alert, version: number): void {
  c.run.setU64(at, place.run);
  c.sensor.set(at, place.sensor);
  c.version.setU64(at, version);
  c.rank.setU8(at, severities.indexOf(alert.severity));
  c.score.setReal(at, alert.score);
  c.confidence.setReal(at, alert.confidence);
  c.first.setU64(at, alert.firstUs);
  c.last.setU64(at, alert.lastUs);
  c.count.setU64(at, alert.count);
  c.observed.setReal(at, alert.observed);
  c.threshold.setReal(at, alert.threshold);
}

function setWords(c: ReturnType<typeof columnsOf>, at: number, alert: Alert, state: string): void {
  c.id.set(alert.id);
  c.detector.set(at, alert.detector);
  c.title.set(at, alert.title);
  c.severity.set(at, alert.severity);
  c.state.set(at, state);
  c.key.set(alert.key);
  for (const source of alert.sources) c.sources.addText(source);
  for (const target of alert.targets) c.targets.addText(target);
  c.unit.set(at, alert.unit);
  c.explain.set(alert.explain);
  if (alert.mitre !== null) c.mitre.set(at, alert.mitre);
  for (const flow of alert.flows) c.flows.addText(flow);
  for (const packet of alert.packets) c.packets.addReal(packet);
  c.filter.set(alert.filter);
  c.details.set(JSON.stringify(alert));
}

function columnsOf(b: BatchBuilder) {
  return {
    run: b.fixed('run'),
    sensor: b.word('sensor'),
    id: b.text('alert_id'),
    version: b.fixed('version'),
    detector: b.word('detector'),
    title: b.word('title'),
    severity: b.word('severity'),
    rank: b.fixed('severity_rank'),
    score: b.fixed('score'),
    confidence: b.fixed('confidence'),
    state: b.word('state'),
    key: b.text('key'),
    sources: b.list('sources'),
    targets: b.list('targets'),
    first: b.fixed('first_ts'),
    last: b.fixed('last_ts'),
    count: b.fixed('count'),
    observed: b.fixed('observed'),
    threshold: b.fixed('threshold'),
    unit: b.word('unit'),
    explain: b.text('explain'),
    mitre: b.word('mitre'),
    flows: b.list('flows'),
    packets: b.list('packets'),
    filter: b.text('filter'),
    details: b.text('details'),
  };
}
