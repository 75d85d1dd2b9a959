// Proves that a host that answers to many names is told, and that hosts with their own name and servers of names
// are not.

import { describe, expect, it } from 'vitest';
import { Stage } from '../../golden/stage.ts';
import { answerPoison } from './answer-poison.ts';

const at = { from: '10.0.0.5', to: '10.0.0.66', proto: 17, side: 1 as const };
const llmnr = (rrname: string, a = '10.0.0.66') => ({ type: 'response', answers: [{ rrname, rrtype: 'a', a }] });
const nbns = (name: string, address = '10.0.0.66') => ({
  type: 'response',
  operation: 'query',
  name,
  addresses: [address],
});

describe('l2.llmnr-poison', () => {
  it('hit: three names, over whatever protocol', () => {
    const stage = new Stage(answerPoison);
    stage.event('llmnr', llmnr('fileserv'), at).wait(9).event('nbns', nbns('FILESERV       '), at).wait(9);
    stage.event('nbns', nbns('PRINTSRV'), at).wait(9);
    const mdns = { type: 'response', records: [{ rrname: 'wpad.local', rrtype: 'A', rdata: '10.0.0.66' }] };
    stage.event('mdns', mdns, { from: '10.0.0.66', to: '224.0.0.251', side: 0 });
    expect(stage.alerts.map(({ key, packet, severity }) => [key, packet, severity])).toEqual([
      ['10.0.0.66', 4, 'high'],
    ]);
    expect(stage.alerts[0].explain).toContain('“wpad.local”');
  });

  it('hit: over IPv6', () => {
    const stage = new Stage(answerPoison);
    for (const name of ['a', 'b', 'c']) {
      const answer = { rrname: name, rrtype: 'aaaa', aaaa: 'fe80:0000:0000:0000:0000:0000:0000:0066' };
      stage.event('llmnr', { type: 'response', answers: [answer] }, { from: 'fe80::5', to: 'fe80::66', side: 1 });
    }
    expect(stage.alerts.map(({ key }) => key)).toEqual(['fe80::66']);
  });

  it('miss: one name in many forms, addresses of others, questions, special names, and what is no list', () => {
    const stage = new Stage(answerPoison);
    for (const name of ['PC5', 'pc5', 'pc5.local', 'PC5 ']) stage.event('llmnr', llmnr(name), at);
    for (let i = 0; i < 20; i++) stage.event('nbns', nbns(`HOST${i}`, `10.0.1.${i}`), at);
    for (const name of ['\u0001\u0002__MSBROWSE__', '__X', '__Y']) stage.event('nbns', nbns(name), at);
    for (const name of ['x', 'y', 'z']) stage.event('llmnr', { ...llmnr(name), type: 'request' }, at);
    stage
      .event('llmnr', { type: 'response', answers: 5 }, at)
      .event('nbns', { type: 'response', operation: 'query' }, at);
    expect(stage.alerts).toEqual([]);
  });
});
