// Proves that forged answers are told by what speaks for forgery, and that failover, answers and first seconds are
// not.

import { describe, expect, it } from 'vitest';
import { Stage } from '../../golden/stage.ts';
import { announces, answers, ask, asks, macOf, reply, sentBy, sentTo } from '../golden/frames.ts';
import { arpSpoof } from './arp-spoof.ts';

const gateway = macOf(1);
const victim = macOf(20);
const attacker = macOf(66);

/** Two hosts elsewhere answer the victim through the gateway. */
function browses(stage: Stage): Stage {
  for (const to of ['8.8.8.8', '9.9.9.9'])
    stage
      .flow('opened', { from: '10.0.0.20', to, ...sentBy(victim), ...sentTo(gateway) })
      .flow('answered', { from: '10.0.0.20', to, ...sentBy(gateway), ...sentTo(victim) })
      .wait(1);
  return stage;
}

describe('l2.arp-spoof', () => {
  it('hit, high: an unasked answer in the name of a gateway that never showed its own address', () => {
    const stage = browses(new Stage(arpSpoof));
    stage.frame(reply({ from: attacker, ip: '10.0.0.1', to: victim, target: '10.0.0.20' }));
    const [alert] = stage.alerts;
    expect([alert.severity, alert.key, alert.targets]).toEqual(['high', attacker, ['10.0.0.1', '10.0.0.20']]);
    expect(alert.explain).toContain('it says that it is the gateway, and it answers what nobody asked');
  });

  it('hit, high: one tells each of two hosts that it is the other', () => {
    const stage = new Stage(arpSpoof);
    stage.frame(reply({ from: attacker, ip: '10.0.0.5', to: macOf(6), target: '10.0.0.6' }));
    stage.frame(reply({ from: attacker, ip: '10.0.0.6', to: macOf(5), target: '10.0.0.5' }));
    expect(stage.alerts.map(({ severity, packet }) => [severity, packet])).toEqual([['high', 2]]);
  });

  it('hit, high: an unasked answer takes an address from its owner', () => {
    const stage = new Stage(arpSpoof);
    stage.frame(announces(5)).wait(20);
    stage.frame(reply({ from: attacker, ip: '10.0.0.5', to: victim, target: '10.0.0.20' }));
    expect(stage.alerts.map(({ severity }) => severity)).toEqual(['high']);
    expect(stage.alerts[0].explain).toContain(`which belonged to ${macOf(5)}`);
  });

  it('hit, medium: the message names another station than the frame, again and again', () => {
    const stage = new Stage(arpSpoof);
    for (let i = 0; i < 3; i++)
      stage.frame(ask({ from: attacker, claims: macOf(7), ip: '10.0.0.7', target: '10.0.0.9' })).wait(2);
    expect(stage.alerts.map(({ severity }) => severity)).toEqual(['medium']);
  });

  it('one alert, however long it goes on', () => {
    const stage = browses(new Stage(arpSpoof));
    for (let i = 0; i < 200; i++)
      stage.frame(reply({ from: attacker, ip: '10.0.0.1', to: victim, target: '10.0.0.20' })).wait(2);
    expect(stage.alerts).toHaveLength(1);
  });

  it('miss: answers to questions, an address shared by routers, and what was asked before the capture began', () => {
    const stage = browses(new Stage(arpSpoof));
    for (let i = 0; i < 20; i++) {
      stage.frame(asks(20, '10.0.0.1')).wait(0.01);
      stage.frame(reply({ from: '00:00:5e:00:01:0a', ip: '10.0.0.1', to: victim, target: '10.0.0.20' })).wait(60);
      stage.frame(asks(20, '10.0.0.5')).wait(0.01).frame(answers(5, 20)).wait(60);
    }
    expect(stage.alerts).toEqual([]);
    const begun = new Stage(arpSpoof);
    begun.frame(answers(5, 20)).wait(0.1).frame(answers(6, 20)).wait(0.1).frame(answers(7, 20));
    expect(begun.alerts).toEqual([]);
  });
});
