// A shell turned round: this host connected to another and takes commands from it.

import { type FlowSignal, ipProto, moment, type Severity } from '../../../../core/index.ts';
import { bytes, count, defineDetector, share } from '../../detector.ts';
import { betweenHosts, communityOf, counted, grouped, originator, percent, responder } from '../../wording.ts';
import { isFromLocal, isOfInterest, isToLocal } from '../parties.ts';
import { lookers, openTalkBeats } from '../timing/talks.ts';

/** Ports where a server that speaks after a silence is nothing new: remote access, chat, push, media. */
const chatty = new Set([
  22, 23, 80, 143, 443, 445, 993, 1194, 1723, 1883, 1935, 3306, 3389, 5060, 5061, 5222, 5223, 5228, 5900, 5938, 6667,
  6697, 8080, 8443, 8883, 9100, 51820,
]);

export const reverseShell = defineDetector({
  name: 'c2.reverse-shell',
  title: 'Reverse shell',
  version: 1,
  severity: 'medium',
  mitre: 'T1059',
  meaning: 'Somebody outside types commands, and this host carries them out and sends back what comes of it.',
  benign: 'Chat, games and remote help by a protocol that is not known here go the same way.',
  next: 'Follow the stream and read it; see which program of the source holds the connection.',
  options: {
    commands: count(6, 'Times the other side broke a silence'),
    share: share(0.8, 'Share of the silences that it broke'),
    commandBytes: bytes(400, 'What it says between two silences, at the most'),
    ratio: count(2, 'Bytes sent for each byte received'),
  },
  open: (around) => {
    const { options, now, network, raise } = around;
    const beats = openTalkBeats(around);

    const tell = (s: FlowSignal, severity: Severity, confidence: number, observed: number, how: string): void => {
      const client = originator(s);
      const server = responder(s);
      const isInside = isToLocal(network, s);
      raise({
        key: `${client} → ${server}:${s.rPort}`,
        sources: [server],
        targets: [client],
        severity,
        confidence,
        observed,
        threshold: options.commands,
        unit: 'commands',
        firstUs: s.firstUs,
        firstPacket: s.firstPacket,
        flows: [communityOf(s)],
        explain: `${client} connected to ${server} port ${s.rPort} and ${how}.`,
        ...(isInside && { against: 'Both are in the network that is watched.' }),
        filter: `${betweenHosts(client, server)} && tcp.port == ${s.oPort} && tcp.port == ${s.rPort}`,
      });
    };

    /** By what is said: a shell greets whoever listens. It says more than it is told. */
    const named = (s: FlowSignal): void => {
      if (s.app !== 'shell' || s.oPayload + s.rPayload === 0) return;
      const isInside = isToLocal(network, s) && isFromLocal(network, s);
      const isReverse = s.oPayload >= s.rPayload;
      const what = `${isReverse ? 'gives it' : 'got'} a command shell (${grouped(s.oPayload)} bytes sent, ${grouped(
        s.rPayload,
      )} received)`;
      tell(s, isInside ? 'high' : 'severe', 0.9, 1, what);
    };

    /** By how it goes: the other side breaks the silence, with little, and gets much. */
    const woke = (s: FlowSignal): void => {
      if (s.proto !== ipProto.tcp || !isOfInterest(s) || chatty.has(s.rPort)) return;
      if (isToLocal(network, s) && !isFromLocal(network, s)) return;
      const row = beats.note(s, now.sec);
      if (row < 0 || s.side !== 1) return;
      const commands = beats.wakes(row, 1);
      if (commands < options.commands || commands < beats.told(row, lookers.shell) * 2) return;
      const part = commands / (commands + beats.wakes(row, 0));
      if (part < options.share || beats.largest(row, 1) > options.commandBytes) return;
      if (s.oPayload < options.ratio * s.rPayload || s.rPayload === 0) return;
      beats.setTold(row, lookers.shell, commands);
      const how = `was silent until that spoke, ${counted(commands, 'time')} (${percent(part)} of the silences); ${grouped(
        s.oPayload,
      )} bytes went out, ${grouped(s.rPayload)} came in`;
      tell(s, isToLocal(network, s) ? 'info' : 'low', 0.5, commands, how);
    };

    return {
      moments: moment.woke | moment.alive | moment.closed | moment.ended,
      flow: (s: FlowSignal): void => (s.moment === moment.woke ? woke(s) : named(s)),
    };
  },
});
