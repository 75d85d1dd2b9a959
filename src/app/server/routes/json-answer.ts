// Large results as JSON, put into words piece by piece, so that nothing else waits for them.

import type { Result } from '../../../output/store/index.ts';

const rowsAPiece = 500;

/** A result as an answer; whoever is slow to read holds up the words, not the program. */
export function resultAnswer(result: Result): Response {
  const headers = { 'Content-Type': 'application/json' };
  if (result.rows.length <= rowsAPiece) return new Response(JSON.stringify(result), { headers });
  return new Response(streamOf(resultWords(result)), { headers });
}

function* resultWords({ rows, ...rest }: Result): Generator<string> {
  yield `${JSON.stringify(rest).slice(0, -1)},"rows":[`;
  for (let from = 0; from < rows.length; from += rowsAPiece) {
    const words = JSON.stringify(rows.slice(from, from + rowsAPiece)).slice(1, -1);
    yield from === 0 ? words : `,${words}`;
  }
  yield ']}';
}

/** Text or bytes as the body of an answer, taken as fast as they are read. */
export function streamOf(pieces: Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>): ReadableStream {
  const iterator = Symbol.asyncIterator in pieces ? pieces[Symbol.asyncIterator]() : pieces[Symbol.iterator]();
  const encoder = new TextEncoder();
  return new ReadableStream({
    pull: async (controller) => {
      const { done, value } = await iterator.next();
      // Other work comes first between two pieces.
      await new Promise((resolve) => setImmediate(resolve));
      if (done === true) controller.close();
      else controller.enqueue(typeof value === 'string' ? encoder.encode(value) : value);
    },
    cancel: async () => {
      await iterator.return?.();
    },
  });
}
