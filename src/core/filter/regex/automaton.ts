// A regular expression as a machine that is in several states at once: time grows with text times pattern, never more.

import { type CodeSet, hasCode, wordLetters } from './code-set.ts';
import { type Pattern, PatternError } from './pattern.ts';

/** A step of the machine: take a letter, go on where an assertion holds, go on in two ways, or be done. */
type Step =
  | { readonly is: 'set'; readonly set: CodeSet; to: number }
  | { readonly is: 'assert'; readonly what: (Pattern & { is: 'assert' })['what']; to: number }
  | { readonly is: 'fork'; to: number; or: number }
  | { readonly is: 'done' };

const mostSteps = 5000;

/** Tells whether a text has a part that the pattern matches. Throws a PatternError when the pattern is too large. */
export function compilePattern(pattern: Pattern): (text: string) => boolean {
  const steps: Step[] = [{ is: 'done' }];
  const begin = build(steps, pattern, 0);
  return (text) => run(steps, begin, text);
}

function add(steps: Step[], step: Step): number {
  if (steps.length >= mostSteps) throw new PatternError('the pattern is too large', 0);
  return steps.push(step) - 1;
}

/** Adds the steps of a pattern that goes on at `to`; gives its first. */
function build(steps: Step[], pattern: Pattern, to: number): number {
  switch (pattern.is) {
    case 'set':
      return add(steps, { is: 'set', set: pattern.set, to });
    case 'assert':
      return add(steps, { is: 'assert', what: pattern.what, to });
    case 'sequence':
      return pattern.of.reduceRight((next, part) => build(steps, part, next), to);
    case 'choice':
      return pattern.of
        .map((part) => build(steps, part, to))
        .reduceRight((or, first) => add(steps, { is: 'fork', to: first, or }));
    case 'repeat':
      return buildRepeat(steps, pattern, to);
  }
}

function buildRepeat(steps: Step[], { of, least, most }: Pattern & { is: 'repeat' }, to: number): number {
  let next = to;
  if (most === Number.POSITIVE_INFINITY) {
    const loop: Step & { is: 'fork' } = { is: 'fork', to: 0, or: to };
    next = add(steps, loop);
    loop.to = build(steps, of, next);
  } else {
    for (let i = least; i < most; i++) next = add(steps, { is: 'fork', to: build(steps, of, next), or: to });
  }
  for (let i = 0; i < least; i++) next = build(steps, of, next);
  return next;
}

function run(steps: readonly Step[], begin: number, text: string): boolean {
  let states: number[] = [];
  const seen = new Int32Array(steps.length).fill(-1);
  let before = -1;
  for (let at = 0; ; ) {
    const code = text.codePointAt(at) ?? -1;
    const now: number[] = [];
    // A match may begin anywhere.
    const waiting = [...states, begin];
    while (waiting.length > 0) {
      const state = waiting.pop()!;
      if (seen[state] === at) continue;
      seen[state] = at;
      const step = steps[state];
      if (step.is === 'done') return true;
      if (step.is === 'fork') waiting.push(step.or, step.to);
      else if (step.is === 'set') now.push(state);
      else if (holds(step.what, before, code)) waiting.push(step.to);
    }
    if (code < 0) return false;
    states = [];
    for (const state of now) {
      const step = steps[state];
      if (step.is === 'set' && hasCode(step.set, code)) states.push(step.to);
    }
    before = code;
    at += code > 0xffff ? 2 : 1;
  }
}

function holds(what: (Pattern & { is: 'assert' })['what'], before: number, next: number): boolean {
  if (what === 'begin') return before < 0;
  if (what === 'end') return next < 0;
  const isEdge = hasCode(wordLetters, before) !== hasCode(wordLetters, next);
  return isEdge === (what === 'word edge');
}
