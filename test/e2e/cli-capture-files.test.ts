// Proves that the capture files we write are read by tcpdump, tshark and capinfos without complaint, rotated sets included,
// and that pipes of theirs, compressed files and files that still grow are read by us.
import { spawn, spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { scratchFolder } from './scratch-folder.ts';
import { environment, main, start, until } from './started-program.ts';
import { writeWorkload } from './workload-file.ts';

const packets = 5000;
const folder = scratchFolder('files');
const has = (program: string) => process.env.CI === 'true' || spawnSync(program, ['--version']).error === undefined;
const node = process.execPath;

/** Output of a shell line; whatever it says on stderr is told with it. */
function shell(line: string): { code: number | null; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync('bash', ['-o', 'pipefail', '-c', line], {
    env: { ...environment, TAPLIGHT: `${node} ${main}` },
    encoding: 'utf8',
    maxBuffer: 64 << 20,
  });
  return { code: status, out: stdout, err: stderr };
}

const packetsIn = (summary: string): number => JSON.parse(summary).packets;

describe.skipIf(!existsSync(main))('capture files', () => {
  let source = '';
  beforeAll(() => {
    source = writeWorkload(folder, 'w2', { packets, flows: 200 });
  });

  /** What capinfos, tcpdump and tshark count in a file; each must have nothing to complain about. */
  function countByOthers(path: string): number[] {
    const info = shell(`capinfos -Mcm '${path}'`);
    expect(info).toMatchObject({ code: 0, err: '' });
    const dump = shell(`tcpdump -nr '${path}' --count 2>&1`);
    expect(dump.out).not.toMatch(/tcpdump: (?!.*reading from)/);
    const shark = shell(`tshark -r '${path}' -T fields -e frame.number 2>/dev/null | tail -1`);
    const numbers = [/packets:? *= *(\d+)|(\d+)\s*$/.exec(info.out.trim()), /(\d+) packets/.exec(dump.out)];
    return [...numbers.map((match) => Number(match?.[1] ?? match?.[2])), Number(shark.out)];
  }

  it.skipIf(!has('capinfos'))('written as pcapng and as pcap are read by the others, packet for packet', () => {
    for (const name of ['copy.pcapng', 'copy.pcap']) {
      const path = join(folder, name);
      expect(shell(`$TAPLIGHT -q -r '${source}' -w '${path}'`)).toMatchObject({ code: 0, err: '' });
      expect(countByOthers(path), name).toEqual([packets, packets, packets]);
      const lines = (file: string) => shell(`tcpdump -nnttxr '${file}' 2>/dev/null`).out;
      expect(lines(path) === lines(source), name).toBe(true);
    }
    expect(readFileSync(join(folder, 'copy.pcap')).equals(readFileSync(source))).toBe(true);
  });

  it.skipIf(!has('capinfos'))('are rotated without losing a packet; each part can be read alone', () => {
    for (const [format, limit] of [
      ['pcapng', '--rotate-size 900KB'],
      ['pcap', '--rotate-time 100'],
    ]) {
      const parts = join(folder, `parts-${format}`);
      mkdirSync(parts);
      expect(shell(`$TAPLIGHT -q -r '${source}' -w '${parts}/x.${format}' ${limit}`)).toMatchObject({
        code: 0,
        err: '',
      });
      const names = readdirSync(parts);
      expect(names.length).toBeGreaterThan(2);
      const counts = names.map((name) => countByOthers(join(parts, name)));
      for (const [info, dump, shark] of counts) expect([dump, shark]).toEqual([info, info]);
      expect(counts.reduce((sum, [count]) => sum + count, 0)).toBe(packets);
      const merged = shell(`$TAPLIGHT -r ${names.map((name) => `'${parts}/${name}'`).join(' ')} --summary json`);
      expect(packetsIn(merged.out)).toBe(packets);
    }
  });

  it.skipIf(!has('tshark'))('go into tshark and come from tcpdump through pipes', () => {
    const into = shell(`$TAPLIGHT -r '${source}' -w - | tshark -r - -T fields -e frame.number 2>/dev/null | tail -1`);
    expect(into).toMatchObject({ code: 0, out: `${packets}\n` });
    const from = shell(`tcpdump -r '${source}' -U -w - 2>/dev/null | $TAPLIGHT -q -r - --summary json`);
    expect(from).toMatchObject({ code: 0, err: '' });
    expect(packetsIn(from.out)).toBe(packets);
  });

  it('are read compressed, by gzip and by zstd', () => {
    const gz = join(folder, 'w.pcap.gz');
    writeFileSync(gz, gzipSync(readFileSync(source)));
    expect(packetsIn(shell(`$TAPLIGHT -r '${gz}' --summary json`).out)).toBe(packets);
    if (!has('zstd')) return;
    expect(shell(`zstd -q '${source}' -o '${folder}/w.zst'`).code).toBe(0);
    expect(packetsIn(shell(`$TAPLIGHT -r '${folder}/w.zst' --summary json`).out)).toBe(packets);
    expect(packetsIn(shell(`zstd -qc '${source}' | $TAPLIGHT -r - --summary json`).out)).toBe(packets);
  });

  it('are followed while they grow, also one cut in the middle of a packet', async () => {
    const bytes = readFileSync(source);
    const growing = join(folder, 'growing.pcap');
    writeFileSync(growing, bytes.subarray(0, 10));
    const run = start([node, main, '-r', growing, '--follow', '--print', '--summary', 'none']);
    const lines = () => run.out.split('\n').length - 1;
    // Pieces end anywhere; packets appear as soon as they are whole.
    for (let at = 10; at < bytes.length; at += 400_003) {
      appendFileSync(growing, bytes.subarray(at, at + 400_003));
      const before = lines();
      await until(() => lines() > before);
      expect(lines()).toBeGreaterThan(before);
    }
    const whole = spawnSync(node, [main, '-r', source, '--print'], { env: environment, maxBuffer: 64 << 20 });
    await until(() => run.out.length === whole.stdout.length);
    run.child.kill('SIGINT');
    expect(await run.code).toBe(0);
    expect(run.out === whole.stdout.toString()).toBe(true);
  });

  it('end with whole packets when they are closed by Ctrl+C', async () => {
    if (!has('capinfos')) return;
    const path = join(folder, 'stopped.pcapng');
    const reader = spawn(node, [main, '-r', '-', '-w', path, '-q'], {
      env: environment,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    reader.stdin.on('error', () => {}); // it may leave some of it
    reader.stdin.write(readFileSync(source)); // and no end
    await until(() => existsSync(path) && readFileSync(path).length > 1_000_000);
    reader.kill('SIGINT');
    const code = await new Promise((resolve) => reader.on('exit', resolve));
    expect(code).toBe(0);
    const [info, dump, shark] = countByOthers(path);
    expect(info).toBeGreaterThan(0);
    expect([dump, shark]).toEqual([info, info]);
  });
});
