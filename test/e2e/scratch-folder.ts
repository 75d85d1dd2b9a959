// A folder for the files of one test, inside the project, so that what is bundled there finds the installed packages;
// git does not see it.
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';

const scratch = fileURLToPath(new URL('../../scratch', import.meta.url));

/** The folder for a test file, removed after its tests: call it where tests are declared, not while they run. */
export function scratchFolder(purpose: string): string {
  const folder = makeScratch(purpose);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Makes a folder that anyone may look into; its maker removes it. */
export function makeScratch(purpose: string): string {
  mkdirSync(scratch, { recursive: true });
  const folder = mkdtempSync(join(scratch, `e2e-${purpose}-`));
  chmodSync(folder, 0o755);
  return folder;
}
