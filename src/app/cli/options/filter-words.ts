// Words after the options: more files for -r as long as such files exist, then a BPF filter, as in tcpdump.

import { Failure } from '../../../core/index.ts';

export interface SortedWords {
  readonly files: readonly string[];
  /** pcap-filter(7) text, words joined by spaces. */
  readonly filter: string;
}

const pathLike = /^(\.{0,2}\/|~\/)|\.(pcap|pcapng|cap|ntar|gz|zst)$/i;

/**
 * Divides the words. `takesFiles`: -r was given; `isFile` tells files from filter words. Throws NO_SUCH_FILE for a word
 * where a file is expected and that can only be meant as one.
 */
export function sortWords(
  words: readonly string[],
  afterDashes: readonly string[],
  takesFiles: boolean,
  isFile: (word: string) => boolean,
): SortedWords {
  let at = 0;
  if (takesFiles) while (at < words.length && (words[at] === '-' || isFile(words[at]))) at++;
  const first = words[at];
  if (first !== undefined && pathLike.test(first)) {
    if (takesFiles) throw new Failure('NO_SUCH_FILE', `${first}: there is no such file`, 'Check the path.');
    throw new Failure('BAD_OPTION', `'${first}' looks like a file`, `To read it: taplight -r ${first}`);
  }
  return { files: words.slice(0, at), filter: [...words.slice(at), ...afterDashes].join(' ').trim() };
}
