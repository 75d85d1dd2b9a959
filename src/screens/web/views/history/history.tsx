// History: any stretch of time that the store has, summed up, grouped, compared with the time before, or asked in SQL.

import { useState } from 'preact/hooks';
import type { SceneSnapshot, TimeRange } from '../../../api/index.ts';
import { dayTime } from '../../../present/index.ts';
import type { Screen, ViewProps } from '../../shell/screen.ts';
import { Empty, Panel } from '../pieces/pieces.tsx';
import { askFlowCount, type Group, groups, type Measure, measures } from './asked-history.ts';
import { Compared } from './compared.tsx';
import { firstRange, periodBefore, presets, rangeOfWords } from './ranges.ts';
import { SqlBox } from './sql-box.tsx';
import { Sums } from './sums.tsx';
import { useAnswer } from './use-answer.ts';

export function History({ screen }: ViewProps) {
  const { can } = screen.scene.value.about;
  if (!can.history) {
    return (
      <div class="view">
        <h1 class="unseen">History</h1>
        <Panel title="History">
          <Empty>
            Nothing is kept here, so there is no past to look at. Start Taplight with a store:{' '}
            <code class="code">taplight serve -i IFACE --store default</code>. Flows, events and alerts are then kept on
            this machine, and this page shows any stretch of time, even after a restart.
          </Empty>
        </Panel>
      </div>
    );
  }
  const snapshot = screen.snapshot.value;
  if (snapshot === null) {
    return (
      <div class="view">
        <h1 class="unseen">History</h1>
        <Empty>Asking what is kept …</Empty>
      </div>
    );
  }
  // Once a capture has ended, its own stretch of time is known.
  return <Kept key={snapshot.state} screen={screen} snapshot={snapshot} />;
}

function Kept({ screen, snapshot }: ViewProps & { readonly snapshot: SceneSnapshot }) {
  const { measure, by } = screen.params.value;
  // Held, so that a question is not asked anew with each packet.
  const [first] = useState(() => firstRange(snapshot, screen.series('whole').value, Date.now() * 1000));
  const untilUs = first.toUs - 1;
  const range = screen.range.value ?? first;
  const filter = screen.filter.value;
  const chosen = {
    measure: measures.find((each) => each === measure) ?? ('bytes' as Measure),
    by: groups.find(([name]) => name === by)?.[0] ?? ('app' as Group),
  };
  const scope = { ...range, ...(filter === '' ? {} : { filter }) };
  const before = { ...scope, ...periodBefore(range) };
  const past = useAnswer(JSON.stringify(before), (signal) => askFlowCount(before, signal));
  const hasPast = past.answer === null ? null : past.answer > 0;
  return (
    <div class="view view-grid">
      <h1 class="unseen">History</h1>
      <RangePicker screen={screen} range={range} nowUs={untilUs} />
      <Panel isWide>
        <Choices screen={screen} {...chosen} />
      </Panel>
      <Sums screen={screen} scope={scope} hasPast={hasPast === true} {...chosen} />
      <Compared scope={scope} before={before} hasPast={hasPast} />
      <SqlBox />
    </div>
  );
}

interface PickerProps {
  readonly screen: Screen;
  readonly range: TimeRange;
  readonly nowUs: number;
}

function RangePicker({ screen, range, nowUs }: PickerProps) {
  const [isWrong, setWrong] = useState(false);
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const words = new FormData(event.currentTarget as HTMLFormElement).get('words');
    const chosen = rangeOfWords(String(words), nowUs);
    setWrong(chosen === null);
    if (chosen !== null) screen.setRange(chosen);
  };
  return (
    <Panel title="When" note={`${dayTime(range.fromUs)} to ${dayTime(range.toUs)}`} isWide>
      <form class="actions" onSubmit={submit}>
        {presets.map(([title, sec]) => (
          <button
            key={title}
            type="button"
            onClick={() => screen.setRange({ fromUs: nowUs - sec * 1e6, toUs: nowUs + 1 })}
          >
            {title}
          </button>
        ))}
        <label>
          <span class="unseen">In words</span>
          <input
            name="words"
            placeholder="yesterday, 3 hours, 2026-11-22 10:00 to 11:00"
            size={44}
            aria-invalid={isWrong}
          />
        </label>
        <button type="submit">show</button>
        {isWrong && <span role="alert">Write a span such as “3 hours”, “yesterday”, or two times with “to”.</span>}
      </form>
    </Panel>
  );
}

interface ChoiceProps {
  readonly screen: Screen;
  readonly measure: Measure;
  readonly by: Group;
}

const measureTitles: Readonly<Record<Measure, string>> = {
  bytes: 'bytes',
  flows: 'flows',
  packets: 'packets',
  hosts: 'hosts',
  rtt_p95: 'round trip, 95 % below',
  response_p95: 'answer, 95 % below',
};

function Choices({ screen, measure, by }: ChoiceProps) {
  const set = (change: Record<string, string>): void => screen.setParams({ ...screen.params.value, ...change });
  return (
    <p class="actions">
      <label>
        Show{' '}
        <select value={measure} onChange={(event) => set({ measure: event.currentTarget.value })}>
          {measures.map((each) => (
            <option key={each} value={each}>
              {measureTitles[each]}
            </option>
          ))}
        </select>
      </label>
      <label>
        by{' '}
        <select value={by} onChange={(event) => set({ by: event.currentTarget.value })}>
          {groups.map(([name, title]) => (
            <option key={name} value={name}>
              {title}
            </option>
          ))}
        </select>
      </label>
    </p>
  );
}
