// Proves that a gateway that does not answer, or answers and passes nothing on, is told; slow hosts elsewhere are
// not.

import { describe, expect, it } from 'vitest';
import { Stage } from '../../golden/stage.ts';
import { answers, asks, macOf, sentBy, sentTo } from '../golden/frames.ts';
import { arpUnanswered } from './arp-unanswered.ts';

const way = { from: '10.0.0.8', ...sentBy(macOf(8)), ...sentTo(macOf(10)) };
const back = { from: '10.0.0.8', ...sentBy(macOf(10)), ...sentTo(macOf(8)) };

/** Station 8 has found station 10 and asks two name servers through it, six times over eight seconds. */
function tries(stage: Stage): Stage {
  stage.frame(asks(8, '10.0.0.10')).frame(answers(10, 8));
  stage
    .flow('opened', { ...way, to: '4.2.2.1' })
    .wait(1)
    .flow('opened', { ...way, to: '4.2.2.2' })
    .wait(1);
  for (let i = 0; i < 4; i++) stage.flow('retried', { ...way, to: `4.2.2.${1 + (i % 2)}` }).wait(2);
  return stage;
}

describe('perf.arp-fail', () => {
  it('hit: the gateway answers ARP and nothing else comes back', () => {
    const { alerts } = tries(new Stage(arpUnanswered));
    expect(alerts.map(({ key, severity }) => [key, severity])).toEqual([['10.0.0.8 → 10.0.0.10', 'medium']]);
    expect(alerts[0].explain).toContain('sent 6 packets to other networks through 10.0.0.10');
  });

  it('hit: the gateway does not answer any more', () => {
    const stage = new Stage(arpUnanswered).frame(asks(8, '10.0.0.10')).frame(answers(10, 8));
    for (const to of ['4.2.2.1', '4.2.2.2']) stage.flow('opened', { ...way, to }).flow('answered', { ...back, to });
    stage.wait(60);
    for (let i = 0; i < 6; i++) stage.frame(asks(8, '10.0.0.10')).wait(1);
    expect(stage.alerts.map(({ key, observed }) => [key, observed])).toEqual([['10.0.0.8 → 10.0.0.10', 5]]);
  });

  it('miss: one answer ever, only one host that is silent, or a sensor that sees no answers', () => {
    const stage = new Stage(arpUnanswered);
    stage.flow('opened', { ...way, to: '8.8.8.8' }).flow('answered', { ...back, to: '8.8.8.8' });
    tries(stage);
    const one = new Stage(arpUnanswered).frame(asks(8, '10.0.0.10')).frame(answers(10, 8));
    one.flow('opened', { ...way, to: '4.2.2.1' });
    for (let i = 0; i < 10; i++) one.wait(2).flow('retried', { ...way, to: '4.2.2.1' });
    const blind = new Stage(arpUnanswered);
    for (let i = 0; i < 20; i++) blind.frame(asks(8, '10.0.0.10')).wait(1);
    expect([...stage.alerts, ...one.alerts, ...blind.alerts]).toEqual([]);
  });
});
