// Facts in, batches out: everything a run tells, as rows of all tables.

import { type Alert, type EventFact, type FactKind, type Flow, flowEnd } from '../../../core/index.ts';
import type { Batch } from '../batches/index.ts';
import { alertBatch } from './alert-rows.ts';
import { EventRows } from './event-rows.ts';
import { FlowNames, noName } from './flow-names.ts';
import { FlowRows, type RowPlace } from './flow-rows.ts';
import { NameRows } from './name-rows.ts';

/** Conversations in several records whose beginning is remembered; the oldest give way. */
const startBound = 65_536;

/** Collects rows until they are taken. Facts are read before a call returns, so their objects may be used again. */
export class FactBatches {
  readonly #place: RowPlace;
  readonly #flows: FlowRows;
  readonly #names: NameRows;
  readonly #flowNames = new FlowNames();
  readonly #events = new Map<FactKind, EventRows>();
  /** What was last kept of each alert. */
  readonly #kept = new Map<string, string>();
  readonly #changed = new Map<string, Alert>();
  /** What a person has said of alerts: newer versions keep it. */
  readonly #said = new Map<string, string>();
  /** When conversations began whose record was written before they ended. */
  readonly #starts = new Map<number, number>();
  #eventCount = 0;

  /** @param flowsExpected rows of flows between two calls of `take` */
  constructor(place: RowPlace, flowsExpected = 4096) {
    this.#place = place;
    this.#flows = new FlowRows(place, flowsExpected);
    this.#names = new NameRows(place);
  }

  /** Rows waiting to be taken. */
  get rows(): number {
    return this.#flows.rows + this.#eventCount + this.#changed.size;
  }

  /** @param iface name of its interface, empty for files */
  flow(flow: Flow, iface: string): void {
    const isLast = flow.end !== flowEnd.activeTimeout;
    const name = flow.app === '' ? noName : this.#flowNames.take(flow.id, isLast);
    this.#flows.add(flow, name, this.#startOf(flow, isLast), iface);
  }

  event(fact: EventFact): void {
    if (fact.valuesJson === '') return;
    const values = fact.values();
    let rows = this.#events.get(fact.kind);
    if (rows === undefined) {
      rows = new EventRows(this.#place, fact.kind);
      this.#events.set(fact.kind, rows);
    }
    rows.add(fact, values);
    this.#eventCount++;
    this.#flowNames.hear(fact, values);
    this.#names.hear(fact, values);
  }

  /** An alert as it is now; kept again only where it has changed. */
  alert(alert: Alert): void {
    const mark = `${alert.severity} ${alert.state} ${alert.count} ${alert.lastUs} ${alert.explainedBy}`;
    if (this.#kept.get(alert.id) === mark) return;
    this.#kept.set(alert.id, mark);
    this.#changed.set(alert.id, alert);
  }

  /** A long conversation comes in several records; each tells its counters and how long the whole has lasted. */
  #startOf(flow: Flow, isLast: boolean): number {
    const known = this.#starts.get(flow.id);
    const startUs = known ?? flow.firstUs;
    if (isLast) {
      if (known !== undefined) this.#starts.delete(flow.id);
    } else if (known === undefined) {
      if (this.#starts.size >= startBound) {
        const oldest = this.#starts.keys().next();
        if (oldest.done !== true) this.#starts.delete(oldest.value);
      }
      this.#starts.set(flow.id, startUs);
    }
    return startUs;
  }

  /** A person has set the state of an alert. */
  setAlertState(alertId: string, state: string): void {
    this.#said.set(alertId, state);
  }

  /** All rows since the last call. @param version number of newer states of alerts, larger at each call */
  take(version: number): Batch[] {
    const batches: Batch[] = [];
    if (this.#flows.rows > 0) batches.push(this.#flows.take());
    for (const rows of this.#events.values()) if (rows.rows > 0) batches.push(rows.take());
    if (this.#names.rows > 0) batches.push(this.#names.take());
    if (this.#changed.size > 0) batches.push(alertBatch(this.#place, [...this.#changed.values()], version, this.#said));
    this.#changed.clear();
    this.#eventCount = 0;
    return batches;
  }
}
