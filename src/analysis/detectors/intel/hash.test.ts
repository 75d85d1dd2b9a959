// Proves that listed hashes of files and certificates are told, however they are written, and others never.

import { describe, expect, it } from 'vitest';
import { Stage } from '../golden/stage.ts';
import { listed } from './golden/listed.ts';
import { intelHash } from './hash.ts';

const sha1 = 'aabbccddeeff00112233445566778899aabbccdd';
const sha256 = 'ab'.repeat(32);
const bad = listed(sha1, sha256, 'd41d8cd98f00b204e9800998ecf8427e');

describe('intel.hash', () => {
  it('hit: a certificate by SHA-1 and by SHA-256, and a file', () => {
    const stage = new Stage(intelHash, {}, bad);
    stage.event('tls', { fingerprint: 'AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD' });
    stage.event('tls', { certificates: ['00'.repeat(32), sha256] });
    stage.event('file', { md5: 'd41d8cd98f00b204e9800998ecf8427e' });
    expect(stage.alerts.map(({ key }) => key)).toEqual([
      `10.0.0.1 ${sha1}`,
      `10.0.0.1 ${sha256}`,
      '10.0.0.1 d41d8cd98f00b204e9800998ecf8427e',
    ]);
  });

  it('hit: x509, once with the same of tls', () => {
    const stage = new Stage(intelHash, {}, bad);
    stage.event('x509', { sha1 }).event('tls', { fingerprint: sha1 });
    expect(stage.alerts).toHaveLength(1);
  });

  it('miss: other hashes, other values', () => {
    const stage = new Stage(intelHash, {}, bad);
    stage
      .event('tls', { fingerprint: '00'.repeat(20), certificates: 7 })
      .event('file', {})
      .event('x509', { sha1: 5 });
    expect(stage.alerts).toEqual([]);
  });
});
