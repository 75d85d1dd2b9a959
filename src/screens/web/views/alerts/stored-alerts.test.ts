// Proves that an alert is whole again out of its row, and that none is shown twice or left out.
import { expect, test } from 'vitest';
import type { Alert } from '../../../../core/index.ts';
import type { Scene } from '../../../api/index.ts';
import { flowsThere } from './evidence-flows.tsx';
import { alertOfRow, missingAlerts, withMissing } from './stored-alerts.ts';

const details = { against: 'none answered', meaning: 'm', expected: 3, severity: 'low', explainedBy: null };
const row = {
  run: 4,
  alert_id: 'aaaaaaaaaaaa',
  severity: 'high',
  state: 'acknowledged',
  sources: ['10.0.0.5'],
  mitre: '',
  last_ts: 9,
  details: JSON.stringify(details),
};

test('columns count, details fill in what has none', () => {
  const alert = alertOfRow(row);
  expect(alert).toMatchObject({
    run: 4,
    severity: 'high',
    said: 'acknowledged',
    state: 'open',
    mitre: null,
    lastUs: 9,
  });
  expect(alert).toMatchObject({ against: 'none answered', expected: 3, sources: ['10.0.0.5'] });
  expect(alertOfRow({ ...row, details: '{', severity: 'odd' })).toMatchObject({ against: '', severity: 'info' });
});

test('what the snapshot knows besides, with what was said of it when it was read before', () => {
  const rows = [alertOfRow(row)];
  const newest = [
    { id: 'aaaaaaaaaaaa' },
    { id: 'bbbbbbbbbbbb', state: 'open', firstUs: 5 },
    { id: 'cccccccccccc', state: 'open', firstUs: 6 },
  ] as unknown as Alert[];
  const kept = [alertOfRow({ ...row, run: 2, alert_id: 'cccccccccccc', first_ts: 6 })];
  const all = withMissing(rows, missingAlerts(rows, newest), kept);
  expect(all.map(({ id, run, said }) => [id, run, said])).toEqual([
    ['aaaaaaaaaaaa', 4, 'acknowledged'],
    ['bbbbbbbbbbbb', null, 'open'],
    ['cccccccccccc', 2, 'acknowledged'],
  ]);
});

test('only flows that are there can be looked at', async () => {
  const asked: unknown[] = [];
  const rows: Scene['rows'] = async (request) => {
    asked.push(request.filter);
    return { columns: [], rows: [], total: request.filter?.includes('1:aa=') ? 1 : 0, kept: 9, forgotten: 0 };
  };
  expect([...(await flowsThere({ rows }, ['1:aa=', '1:bb=']))]).toEqual(['1:aa=']);
  expect(asked).toEqual(['community_id == "1:aa="', 'community_id == "1:bb="']);
});
