// Fetches a real ClickHouse for tests: pinned packages from the npm registry, checked against their checksums, into
// scratch/clickhouse. Does nothing where they are there already.
//
//   node scripts/clickhouse.mjs [FOLDER]
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const pins = join(root, 'test/clickhouse/packages');
const folder = resolve(process.argv[2] ?? process.env.TAPLIGHT_CLICKHOUSE ?? join(root, 'scratch/clickhouse'));
const lock = 'package-lock.json';

const same = (name) => {
  const there = join(folder, name);
  return existsSync(there) && readFileSync(there, 'utf8') === readFileSync(join(pins, name), 'utf8');
};

if (process.platform !== 'linux' || process.arch !== 'x64') {
  console.error(`clickhouse: there is no build for ${process.platform} ${process.arch}; its tests will be skipped.`);
  process.exit(process.env.CI ? 1 : 0);
}
// npm writes this file at the end of every complete install.
if (!same(lock) || !existsSync(join(folder, 'node_modules/.package-lock.json'))) {
  console.error(`clickhouse: fetching 150 MB into ${folder} (once) …`);
  mkdirSync(folder, { recursive: true });
  for (const name of ['package.json', lock]) copyFileSync(join(pins, name), join(folder, name));
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const done = spawnSync('npm', args, { cwd: folder, stdio: ['ignore', 2, 2] });
  if (done.status !== 0) {
    console.error('clickhouse: could not be fetched; the messages of npm are above.');
    process.exit(1);
  }
}
