// Makes lists of lines: what reads files hands over their lines, file by file.

import { ListText } from './list-text.ts';
import { IntelLists } from './lists.ts';

/** What became of one file. */
export interface ReadList {
  readonly name: string;
  /** Lines that name something; entries that no list before it had. */
  found: number;
  entries: number;
  ignored: number;
}

export class ListReader {
  readonly lists = new IntelLists();
  readonly files: ReadList[] = [];
  #text = new ListText();
  #name = '';
  /** Numbers of lists by what Zeek's file names as their source, and by confidence. */
  #numbers = new Map<string, number>();

  /** A new list begins. */
  begin(name: string): void {
    this.#text = new ListText();
    this.#name = name;
    this.#numbers = new Map();
    this.files.push({ name, found: 0, entries: 0, ignored: 0 });
  }

  line(text: string): void {
    const file = this.files.at(-1);
    if (file === undefined) return;
    const found = this.#text.read(text);
    file.ignored = this.#text.ignored;
    if (found === null) return;
    file.found++;
    if (this.lists.add(found, this.#number(found.source))) file.entries++;
  }

  end(): IntelLists {
    return this.lists.close();
  }

  #number(source: string): number {
    const { confidence } = this.#text;
    const key = `${confidence} ${source}`;
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    const name = source === '' ? this.#name : `${this.#name} (${source})`;
    const number = this.lists.open({ name, confidence });
    // Sources beyond the limit share the number of the last list.
    if (this.#numbers.size < 256) this.#numbers.set(key, number);
    return number;
  }
}
