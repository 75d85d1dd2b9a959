// One TCP connection of the mix, packet by packet: handshake, talk, now and then trouble, an end.
import { tcpBit } from './headers.mjs';

const { syn, ack, psh, fin, rst } = tcpBit;

/** How a planned TCP segment's payload is dressed when it is written. */
export const dress = { plain: 0, tlsRecord: 1, rtp: 2 };

/**
 * @typedef {'http' | 'tls' | 'ssh'} Talk
 * @typedef {ReturnType<typeof import('./payloads.mjs').createPayloads>} Payloads
 * @typedef {ReturnType<typeof import('./plan.mjs').createPlan>} Plan
 */

/**
 * Plans a connection whose server sends about `fullSegments` full segments.
 *
 * @param {{ plan: Plan, payloads: Payloads, random: import('./random.mjs').Random }} world
 * @param {{ row: number, host: number, talk: Talk, startUs: number, fullSegments: number, mss: number }} wanted
 */
export function planConnection({ plan, payloads, random }, { row, host, talk, startUs, fullSegments, mss }) {
  const rttUs = 3000 + random.below(120_000);
  const ackEvery = random.chance(0.3) ? 2 : 1;
  /** Next sequence number and last time stamp of each side: 0 client, 1 server. */
  const seq = [random.word(), random.word()];
  const stamp = [0, 0];
  let now = startUs;

  const send = (
    /** @type {0 | 1} */ side,
    /** @type {number} */ flags,
    at = 0,
    length = 0,
    how = dress.plain,
    window = 501,
  ) => {
    const other = 1 - side;
    plan.add(now, row, side, {
      flags,
      seq: seq[side],
      ack: flags & ack ? seq[other] : 0,
      at,
      length,
      window,
      echo: stamp[other],
      dress: how,
    });
    stamp[side] = Math.floor(now / 1000);
    seq[side] = (seq[side] + length + (flags & (syn | fin) ? 1 : 0)) >>> 0;
  };
  const again = (
    /** @type {number} */ lateUs,
    /** @type {0 | 1} */ side,
    /** @type {number} */ flags,
    /** @type {number} */ from,
    at = 0,
    length = 0,
  ) => {
    plan.add(now + lateUs, row, side, {
      flags,
      seq: from,
      ack: flags & ack ? seq[1 - side] : 0,
      at,
      length,
      window: 501,
      echo: stamp[1 - side],
      dress: dress.plain,
    });
  };

  const fate = random.unit();
  const first = seq[0];
  send(0, syn);
  if (fate < 0.01) {
    // Nobody answers: tried again after one and after three seconds.
    again(1e6, 0, syn, first);
    again(3e6, 0, syn, first);
    return;
  }
  now += rttUs;
  if (fate < 0.02) return send(1, rst | ack);
  send(1, syn | ack);
  now += 50;
  send(0, ack);

  /** `bytes` from the server in a growing window, acknowledged by the client. */
  const download = (/** @type {number} */ bytes, /** @type {number} */ how) => {
    let left = bytes;
    let window = 10;
    let inFlight = 0;
    let unacked = 0;
    while (left > 0) {
      const length = Math.min(mss, left);
      const at = talk === 'http' ? payloads.someProse(length) : payloads.someNoise(length);
      const from = seq[1];
      left -= length;
      send(1, left === 0 ? ack | psh : ack, at, length, how);
      const trouble = random.unit();
      if (trouble < 0.003) {
        // Lost behind the place of capture: three duplicate acknowledgements, then the segment once more.
        const have = seq[0];
        for (let i = 1; i <= 3; i++) {
          plan.add(now + 60 * i, row, 0, {
            flags: ack,
            seq: have,
            ack: from,
            at: 0,
            length: 0,
            window: 501,
            echo: stamp[1],
            dress: dress.plain,
          });
        }
        again(rttUs * 1.1, 1, ack, from, at, length);
      } else if (trouble < 0.005) {
        plan.delayLast(350);
      }
      now += 12 + random.below(60);
      unacked++;
      if (unacked >= ackEvery || left === 0) {
        send(0, ack, 0, 0, dress.plain, random.chance(0.0005) ? 0 : 501);
        unacked = 0;
        now += 8 + random.below(30);
      }
      if (++inFlight === window) {
        now += rttUs;
        inFlight = 0;
        window = Math.min(128, window * 2);
      }
    }
  };

  const rounds = 1 + random.below(4);
  const perRound = Math.max(1, Math.round(fullSegments / rounds)) * mss - random.below(900);
  if (talk === 'tls') {
    send(0, psh | ack, payloads.hello[host].at, payloads.hello[host].length);
    now += rttUs;
    const answer = payloads.serverHello[host % payloads.serverHello.length];
    send(1, psh | ack, answer.at, answer.length);
    now += 200;
    send(0, psh | ack, payloads.finished.at, payloads.finished.length);
  } else if (talk === 'ssh') {
    send(0, psh | ack, payloads.banner.at, payloads.banner.length);
    now += rttUs;
    send(1, psh | ack, payloads.banner.at, payloads.banner.length);
  }
  for (let round = 0; round < rounds; round++) {
    now += 500 + random.below(200_000);
    if (talk === 'http') send(0, psh | ack, payloads.request[host].at, payloads.request[host].length);
    else {
      const length = 60 + random.below(500);
      send(0, psh | ack, payloads.someNoise(length), length, talk === 'tls' ? dress.tlsRecord : dress.plain);
    }
    now += rttUs + random.below(20_000);
    if (talk === 'http') {
      const head = payloads.responseHead(random.chance(0.94), perRound);
      send(1, psh | ack, head.at, head.length);
      now += 30;
    }
    download(perRound, talk === 'tls' ? dress.tlsRecord : dress.plain);
  }

  const end = random.unit();
  if (end < 0.92) {
    send(0, fin | ack);
    now += rttUs;
    send(1, fin | ack);
    now += 40;
    send(0, ack);
  } else if (end < 0.97) send(0, rst | ack);
}
