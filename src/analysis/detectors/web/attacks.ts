// Attacks on web programs by what their requests say: SQL, scripts, commands, paths, files that nobody should ask for.

import { attackDetector } from './attack.ts';
import { commandSigns, hiddenFileSigns, judged, scriptSigns, sqlSigns, traversalSigns } from './attack-rules.ts';
import type { RequestValue } from './request-reading.ts';

const next =
  'Look at the answers: a 200 that is longer than usual may mean that it worked. See what else the source did.';
const scanners = 'Scanners of the own security team; forms in which people write about code.';
const isAny = (): boolean => true;
const isParameter = (value: RequestValue): boolean => !value.isPath;
const isOutsideBody = (value: RequestValue): boolean => !value.isBody;
const isPath = (value: RequestValue): boolean => value.isPath;

export const sqlInjection = attackDetector({
  name: 'web.sql-injection',
  title: 'SQL injection',
  meaning:
    'A request carries pieces of SQL: where the program puts them into its query, the database does what they say.',
  benign: `${scanners} Tools that send SQL on purpose, such as database consoles.`,
  next,
  what: 'SQL injection',
  judge: (reading) => judged(reading, sqlSigns, isParameter),
});

export const crossSite = attackDetector({
  name: 'web.xss',
  title: 'Cross-site scripting',
  mitre: 'T1059.007',
  meaning:
    'A request carries a script that the page would show to its users, and that would run as if it were the page.',
  benign: `${scanners} Editors of web pages send scripts on purpose.`,
  next,
  what: 'scripts',
  judge: (reading) => judged(reading, scriptSigns, isOutsideBody),
});

export const commandInjection = attackDetector({
  name: 'web.command-injection',
  title: 'Command injection',
  meaning: 'A request carries commands or code: where the program hands them on, the server runs them.',
  benign: scanners,
  next,
  what: 'commands',
  judge: (reading) => judged(reading, commandSigns, isAny),
});

export const traversal = attackDetector({
  name: 'web.traversal',
  title: 'Path traversal',
  meaning: 'A request leaves the folder of the web pages, to read files of the system or to run programs.',
  benign: 'Pages with relative links that are put together badly.',
  next,
  what: 'steps out of its folder',
  judge: (reading) => {
    const found = judged(reading, traversalSigns, isOutsideBody);
    // Dots that are hidden behind percent signs are no accident.
    if (found.score === 0 || !/%(?:25)*(?:2e|%32%65|32%65)/i.test(reading.raw)) return found;
    return { score: found.score + 3, words: [...found.words, 'hidden dots'] };
  },
});

export const hiddenFile = attackDetector({
  name: 'web.hidden-file',
  title: 'Request for files that are not public',
  mitre: 'T1595.003',
  meaning:
    'Somebody tries whether the server gives away its settings, keys or version control, as scanners do all day.',
  benign: 'The developers of the site, who look whether it gives such files away.',
  next: 'See whether the server answered with 200; if so, change what was in the file.',
  what: 'names of files that are not public',
  most: 'medium',
  judge: (reading) => judged(reading, hiddenFileSigns, isPath),
});
