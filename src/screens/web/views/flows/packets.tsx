// Packets of a flow, as they were captured: headers taken apart, and the bytes as hex.

import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { printable } from '../../../../core/index.ts';
import type { PacketDetails, PacketLayer } from '../../../api/index.ts';
import { clockTime, formatBytes } from '../../../present/index.ts';
import { noteLoss } from '../../data/connection.ts';
import type { Screen } from '../../shell/screen.ts';

interface PacketsProps {
  readonly screen: Screen;
  readonly run: number;
  readonly flowId: number;
}

const pageSize = 50;

export function Packets({ screen, run, flowId }: PacketsProps): JSX.Element {
  const packets = useSignal<readonly PacketDetails[]>([]);
  const isWhole = useSignal(false);
  const why = useSignal('');
  const scene = screen.scene.value;
  const more = (): void => {
    scene.packets(run, flowId, packets.peek().length, pageSize).then(
      (next) => {
        packets.value = [...packets.peek(), ...next];
        isWhole.value = next.length < pageSize;
      },
      (error) => {
        if (!noteLoss(error)) why.value = `${error.message}. ${error.hint ?? ''}`;
        isWhole.value = true;
      },
    );
  };
  useEffect(more, [scene, run, flowId]);
  return (
    <section>
      <h3>Packets</h3>
      {why.value !== '' && <p class="muted">{why.value}</p>}
      <ol class="packets">
        {packets.value.map((packet, i) => (
          <li key={i}>
            <details>
              <summary>
                <span class="num">{clockTime(packet.timeUs)}</span> <span>{packet.isForward ? '↑' : '↓'}</span>{' '}
                <span class="unseen">{packet.isForward ? 'from the client' : 'from the server'}</span>
                <span class="num">{formatBytes(packet.wireLen)}</span> {printable(packet.summary)}
              </summary>
              <Packet packet={packet} />
            </details>
          </li>
        ))}
      </ol>
      {!isWhole.value && (
        <button type="button" onClick={more}>
          More packets
        </button>
      )}
    </section>
  );
}

function Packet({ packet }: { readonly packet: PacketDetails }): JSX.Element {
  const shown = useSignal<PacketLayer | null>(null);
  return (
    <div class="packet">
      {packet.layers.map((layer) => (
        <details
          key={`${layer.name} ${layer.from}`}
          onToggle={({ currentTarget }) => {
            if (currentTarget.open) shown.value = layer;
          }}
        >
          <summary>
            {printable(layer.name)} <span class="muted num">{`${layer.from}–${layer.to - 1}`}</span>
          </summary>
          <dl class="fields mono">
            {layer.fields.map(([name, value]) => (
              <div key={name}>
                <dt class="muted">{printable(name)}</dt>
                <dd>{printable(value)}</dd>
              </div>
            ))}
          </dl>
        </details>
      ))}
      <div class="hex mono" role="group" aria-label="Bytes">
        {hexLines(packet.hex, shown.value)}
      </div>
    </div>
  );
}

/** `0000  45 00 00 34  E..4`, eight bytes a line, so that it fits a telephone; bytes of the layer that was opened are marked. */
function hexLines(hex: string, layer: PacketLayer | null): JSX.Element[] {
  const bytes = hex.match(/../g) ?? [];
  const lines: JSX.Element[] = [];
  for (let at = 0; at < bytes.length; at += 8) {
    const line = bytes.slice(at, at + 8);
    const isIn = (i: number): boolean => layer !== null && at + i >= layer.from && at + i < layer.to;
    const text = line.map((byte) => {
      const code = Number.parseInt(byte, 16);
      return code > 31 && code < 127 ? String.fromCharCode(code) : '·';
    });
    lines.push(
      <span key={at}>
        <span class="muted">{at.toString(16).padStart(4, '0')} </span>
        {line.map((byte, i) => (isIn(i) ? <mark key={i}> {byte}</mark> : ` ${byte}`))}
        {'   '.repeat(8 - line.length)}
        {`  ${text.join('')}\n`}
      </span>,
    );
  }
  return lines;
}
