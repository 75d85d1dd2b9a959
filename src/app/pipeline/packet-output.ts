// The packets a run writes, with what their source says about them.

import type { Annotations, FileSource } from '../../capture/sources/index.ts';
import { openWriter, type Writer } from '../../capture/writers/index.ts';
import type { FrameBatch, Source } from '../../core/index.ts';
import type { RunOptions } from './options.ts';

export interface PacketOutput {
  /** Writes the first `count` frames; `numbers` are their numbers in the source. */
  write(batch: FrameBatch, count: number, numbers: Float64Array): void;
  close(): void;
}

/** Opens what `-w` names; null when nothing is to be written. Throws a Failure. */
export function openPacketOutput(options: RunOptions, source: Source): PacketOutput | null {
  if (options.write === null) return null;
  const annotations = annotationsOf(source);
  const writer = openWriter(options.write, source.interfaces, {
    application: `taplight ${options.version}`,
    ...(options.filter === '' ? {} : { filter: options.filter }),
    comments: annotations.flatMap((each) => each.sections.flatMap((section) => section.comments)),
    // Numbers of merged files are not those of one file: their packets' comments cannot be told apart.
    ...(annotations.length === 1 ? { commentOf: (number: number) => commentsOf(annotations[0], number) } : {}),
  });
  let known = source.interfaces.length;
  const mustFlush = source.kind !== 'file';
  return {
    write(batch, count, numbers) {
      for (; known < source.interfaces.length; known++) writer.addInterface(source.interfaces[known]);
      writeFrames(writer, batch, count, numbers);
      if (mustFlush) writer.flush();
    },
    close: () => writer.close(source.stats()),
  };
}

function writeFrames(writer: Writer, batch: FrameBatch, count: number, numbers: Float64Array): void {
  for (let i = 0; i < count; i++) writer.write(batch, i, numbers[i]);
}

function annotationsOf(source: Source): readonly Annotations[] {
  return (source as Partial<FileSource>).annotations ?? [];
}

function commentsOf(annotations: Annotations, number: number): readonly string[] | null {
  return annotations.packets.get(number)?.comments ?? null;
}
