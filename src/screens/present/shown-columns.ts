// Which columns of a table screens show, in which order, and what they are called there. What is left out here can be
// chosen by the user.

export interface ShownColumn {
  /** Column of the table; the cell may say more than it alone (see the views). */
  readonly column: string;
  readonly title: string;
  /** Left out first when there is no room: the highest. 0 is never left out. */
  readonly rank: number;
  /** Cells of a terminal: least and most. */
  readonly least: number;
  readonly most: number;
  readonly align: 'left' | 'right';
}

const shown = (
  column: string,
  title: string,
  rank: number,
  [least, most]: readonly [number, number],
  align: 'left' | 'right' = 'left',
): ShownColumn => ({ column, title, rank, least, most, align });

/** Flows: `src_ip` shows name and port, `host` the detail (server name, question, path). */
export const flowColumns: readonly ShownColumn[] = [
  shown('start_ts', 'Start', 5, [8, 8]),
  shown('src_ip', 'Client', 0, [12, 28]),
  shown('dst_ip', 'Server', 0, [12, 34]),
  shown('app', 'Protocol', 0, [5, 10]),
  shown('host', 'Detail', 1, [8, 40]),
  shown('bytes_rev', '↓ bytes', 2, [7, 8], 'right'),
  shown('bytes_fwd', '↑ bytes', 2, [7, 8], 'right'),
  shown('rate_rev', '↓ rate', 3, [8, 9], 'right'),
  shown('rate_fwd', '↑ rate', 3, [8, 9], 'right'),
  shown('rtt_us', 'RTT', 4, [6, 7], 'right'),
  shown('repeated', 'Resent', 7, [6, 8], 'right'),
  shown('state', 'State', 1, [5, 13]),
  shown('country', 'Country', 8, [2, 7]),
  shown('verdict', 'Waited for', 9, [6, 15]),
];

export const hostColumns: readonly ShownColumn[] = [
  shown('ip', 'Address', 0, [9, 39]),
  shown('name', 'Name', 1, [8, 34]),
  shown('rate_in', '↓ rate', 3, [8, 9], 'right'),
  shown('rate_out', '↑ rate', 3, [8, 9], 'right'),
  shown('bytes_in', '↓ bytes', 0, [7, 8], 'right'),
  shown('bytes_out', '↑ bytes', 0, [7, 8], 'right'),
  shown('flows', 'Flows', 2, [5, 9], 'right'),
  shown('apps', 'Speaks', 4, [6, 24]),
  shown('last_ts', 'Last', 5, [8, 8]),
  shown('country', 'Country', 6, [2, 7]),
];

export const alertColumns: readonly ShownColumn[] = [
  shown('severity', 'Severity', 0, [8, 10]),
  shown('title', 'What', 0, [10, 28]),
  shown('key', 'Who', 0, [9, 39]),
  shown('explain', 'Why', 1, [16, 100]),
  shown('count', 'Count', 3, [5, 8], 'right'),
  shown('last_ts', 'Last', 2, [8, 8]),
  shown('mitre', 'ATT&CK', 4, [5, 10]),
  shown('state', 'State', 5, [4, 12]),
];
