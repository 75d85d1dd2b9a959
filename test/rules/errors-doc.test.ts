// Proves that docs/52-errors.md lists exactly the codes and exit codes of core/failures.ts, no fewer and no more.
import { describe, expect, it } from 'vitest';
import { exitCodes, failureCodes } from '../../src/core/failures.ts';
import { filesBelow, isTest, tableBelow, textOf } from './source-files.ts';

const page = textOf('docs/52-errors.md');

describe('errors', () => {
  it('documents every failure code with its exit code, and none that does not exist', () => {
    const documented = Object.fromEntries(tableBelow(page, 'Failures').map(([code, exit]) => [code, Number(exit)]));
    expect(documented).toEqual(failureCodes);
  });

  it('documents every exit code', () => {
    const documented = tableBelow(page, 'Exit codes').map(([exit]) => Number(exit));
    expect(documented.sort((a, b) => a - b)).toEqual(Object.values(exitCodes).sort((a, b) => a - b));
  });

  it('documents no code that nothing can fail with', () => {
    const code = filesBelow('src')
      .filter((path) => /\.tsx?$/.test(path) && !isTest(path) && path !== 'src/core/failures.ts')
      .map(textOf)
      .join('\n');
    const unused = Object.keys(failureCodes).filter((name) => !code.includes(`'${name}'`));
    expect(unused).toEqual([]);
  });
});
