// A flow to take along: its packets as a file, and words that find it in other tools.

import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import type { Row } from '../../../api/index.ts';
import { type CopiedFlow, copyWords, curlWords } from '../../../present/index.ts';
import { apiBase } from '../../data/asking.ts';
import { Menu } from '../../shell/menu.tsx';
import type { Screen } from '../../shell/screen.ts';

interface CopyMenuProps {
  readonly screen: Screen;
  readonly flow: Row;
  readonly hasPackets: boolean;
}

export function CopyMenu({ screen, flow, hasPackets }: CopyMenuProps): JSX.Element {
  const told = useSignal('');
  const copied = flow as unknown as CopiedFlow; // columns that every row of flows has
  const words = copyWords(copied);
  const packets = screen.packetFileHref({ run: copied.run, flowId: copied.flow_id });
  const { id } = screen.scene.value.about;
  const ways: [string, string][] = [
    ['Wireshark filter', words.wireshark],
    ['BPF (tcpdump)', words.bpf],
    ['SQL of the store', words.sql],
    ['Taplight filter', words.filter],
    ['curl', curlWords(`${location.origin}${apiBase}/live/flows/${copied.run}/${copied.flow_id}?scene=${id}`)],
  ];
  const copy = (name: string, text: string): void => {
    navigator.clipboard.writeText(text).then(
      () => {
        told.value = `${name} copied.`;
      },
      () => {
        told.value = `Copying is not allowed here: ${text}`;
      },
    );
  };
  return (
    <>
      {hasPackets && packets !== null && (
        <a class="button" download href={packets}>
          Save these packets
        </a>
      )}
      <Menu label="Copy as" button="Copy as ▾">
        {ways.map(([name, text]) => (
          <button type="button" key={name} title={text} onClick={() => copy(name, text)}>
            {name}
          </button>
        ))}
      </Menu>
      <button type="button" onClick={() => screen.setFilter(words.filter)}>
        Only this conversation
      </button>
      <span role="status" class="muted">
        {told.value}
      </span>
    </>
  );
}
