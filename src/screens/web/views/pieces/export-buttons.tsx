// What is shown as a file: CSV, JSON, and packets where they can be had.

import { useState } from 'preact/hooks';
import { exportRows, packetsPath } from '../../exports/export-rows.ts';
import type { Screen } from '../../shell/screen.ts';
import { troubleText } from './asked-rows.ts';

interface ExportProps {
  readonly screen: Pick<Screen, 'scene' | 'filter'>;
  readonly table: string;
}

export function ExportButtons({ screen, table }: ExportProps) {
  const [said, setSaid] = useState('');
  const scene = screen.scene.value;
  const filter = screen.filter.value;
  const save = async (format: 'csv' | 'json'): Promise<void> => {
    setSaid('…');
    setSaid(await exportRows(scene, table, filter, format).catch(troubleText));
  };
  return (
    <span class="actions">
      <output class="muted">{said}</output>
      <button type="button" onClick={() => save('csv')}>
        CSV
      </button>
      <button type="button" onClick={() => save('json')}>
        JSON
      </button>
      {scene.about.can.packets && (
        <a class="button" href={packetsPath(scene.about.id, filter)} download>
          pcapng
        </a>
      )}
    </span>
  );
}
