// Proves that a second, different answer and guessed numbers are told, and that repeated questions and answers are not.

import { describe, expect, it } from 'vitest';
import { Stage } from '../../golden/stage.ts';
import { answer, ask } from '../golden/asked.ts';
import { poison } from './poison.ts';

describe('dns.poison', () => {
  it('hit: two answers that do not agree to one question', () => {
    const stage = new Stage(poison);
    ask(stage, 'www.example.org');
    answer(stage.wait(0.001), 'www.example.org', ['203.0.114.66']);
    answer(stage.wait(0.02), 'www.example.org', ['198.51.101.7']);
    expect(stage.alerts).toHaveLength(1);
    expect(stage.alerts[0]).toMatchObject({ severity: 'high', packet: 3, firstPacket: 2 });
    expect(stage.alerts[0].explain).toBe(
      '10.0.0.1 asked for www.example.org once and got 2 answers that do not agree.',
    );
  });

  it('hit: twenty answers with wrong numbers for a name that was asked for', () => {
    const stage = new Stage(poison);
    ask(stage, 'www.example.org', { id: 5 });
    for (let id = 100; id < 130; id++) answer(stage, 'www.example.org', ['203.0.114.66'], { id }).wait(0.001);
    expect(stage.alerts.map(({ packet, observed }) => [packet, observed])).toEqual([[21, 20]]);
  });

  it('miss: the same answer twice, two questions, another order, late ones, answers to nobody', () => {
    const stage = new Stage(poison);
    ask(stage, 'a.example.org');
    answer(stage, 'a.example.org', ['192.0.2.1', '192.0.2.2']);
    answer(stage, 'a.example.org', ['192.0.2.2', '192.0.2.1']);
    ask(stage, 'b.example.org');
    ask(stage, 'b.example.org');
    answer(stage, 'b.example.org', ['192.0.2.1']);
    answer(stage, 'b.example.org', ['192.0.2.2']);
    ask(stage, 'c.example.org');
    answer(stage, 'c.example.org', ['192.0.2.1']).wait(20);
    answer(stage, 'c.example.org', ['192.0.2.2']);
    for (let id = 0; id < 100; id++) answer(stage, 'd.example.org', ['192.0.2.1'], { id });
    ask(stage, 'e.example.org');
    answer(stage, 'e.example.org', 'SERVFAIL');
    answer(stage, 'e.example.org', ['192.0.2.1']);
    expect(stage.alerts).toEqual([]);
  });
});
