// How scenes say what went wrong.

import { Failure } from '../../core/index.ts';
import type { Scene } from '../../screens/api/index.ts';

export function noFlow(flowId: number): Failure {
  return new Failure('BAD_QUERY', `flow ${flowId} is not kept any more`, 'The table of flows lists those that are.');
}

/** What screens say of a failure; what nobody expected is told without its insides. */
export function failureOf(cause: unknown): NonNullable<ReturnType<Scene['failure']>> {
  if (cause instanceof Failure) return { code: cause.code, message: cause.message, hint: cause.hint };
  const hint = 'Start it again; if it happens again, please report it.';
  return { code: 'INTERNAL', message: 'something went wrong that should not', hint };
}
