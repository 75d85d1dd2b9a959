// Does what is stale before `npm start` and `npm test`, and nothing when nothing is: install, then build.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const stamp = join(root, 'dist', '.built');

/** Newest modification time below a folder, in milliseconds. */
function newest(path) {
  const info = statSync(path);
  if (!info.isDirectory()) return info.mtimeMs;
  let latest = info.mtimeMs;
  for (const name of readdirSync(path)) latest = Math.max(latest, newest(join(path, name)));
  return latest;
}

function run(command, args) {
  const done = spawnSync(command, args, { cwd: root, stdio: ['ignore', 2, 2], shell: process.platform === 'win32' });
  if (done.status !== 0) {
    console.error(`taplight: '${command} ${args.join(' ')}' failed; its messages are above.`);
    process.exit(1);
  }
}

// npm writes node_modules/.package-lock.json at the end of every complete install.
const installed = join(root, 'node_modules', '.package-lock.json');
const lock = join(root, 'package-lock.json');
if (!existsSync(installed) || statSync(installed).mtimeMs < statSync(lock).mtimeMs) {
  console.error('taplight: installing packages (once) …');
  run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
}

// On a machine that tests nothing is skipped: the fleet's store has its server (scripts/clickhouse.mjs).
if (process.argv[2] === 'test' && process.env.CI !== undefined) run('node', ['scripts/clickhouse.mjs']);

const built = existsSync(stamp) ? Number(readFileSync(stamp, 'utf8')) : 0;
const inputs = ['src', 'package.json', 'tsconfig.json', 'scripts/build.mjs'];
const latest = Math.max(...inputs.map((name) => newest(join(root, name))));
if (latest > built) {
  console.error('taplight: building …');
  run('npm', ['run', '--silent', 'build']);
  writeFileSync(stamp, String(latest));
}
