// Proves that an alert is whole again out of its row, and that none is shown twice or left out.
import { expect, test } from 'vitest';
import type { Alert } from '../../../../core/index.ts';
import { alertOfRow, withNewest } from './stored-alerts.ts';

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

test('what the snapshot knows besides', () => {
  const newest = [{ id: 'aaaaaaaaaaaa' }, { id: 'bbbbbbbbbbbb', state: 'open' }] as unknown as Alert[];
  expect(withNewest([alertOfRow(row)], newest).map(({ id, run }) => [id, run])).toEqual([
    ['aaaaaaaaaaaa', 4],
    ['bbbbbbbbbbbb', null],
  ]);
});
