// Proves what can be proved of the files in deploy/ without Docker, systemd as the first process, or a cluster: that they
// are well formed, start a program that takes those options, give no more rights than capturing needs, and hold no secret.
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { optionTable } from '../../src/app/cli/options/table.ts';
import { filesBelow, trackedFiles } from '../rules/source-files.ts';

const text = (name: string): string => readFileSync(`deploy/${name}`, 'utf8');
const flags = new Set(Object.values(optionTable).flatMap(({ flags: each }) => each.match(/--[a-z-]+/g) ?? []));
/** Environment variables of options: TAPLIGHT_ and the long flag. */
const variables = new Set([...flags].map((flag) => `TAPLIGHT_${flag.slice(2).replaceAll('-', '_').toUpperCase()}`));

const dockerfile = text('docker/Dockerfile');
const instructions = dockerfile
  .replace(/^\s*#.*\n/gm, '')
  .replace(/\\\n/g, ' ')
  .split('\n')
  .filter((line) => line.trim() !== '')
  .map((line) => line.split(/\s+(.*)/s) as [string, string]);

interface Service {
  readonly image: string;
  readonly command?: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly volumes?: readonly string[];
  readonly ports?: readonly string[];
  readonly cap_add?: readonly string[];
  readonly cap_drop?: readonly string[];
  readonly network_mode?: string;
}

describe('the image', () => {
  it('is made of instructions that there are, from pinned images', () => {
    const known = new Set('FROM WORKDIR COPY RUN ENV USER VOLUME ENTRYPOINT'.split(' '));
    expect(instructions.map(([name]) => name).filter((name) => !known.has(name))).toEqual([]);
    for (const [, image] of instructions.filter(([name]) => name === 'FROM'))
      expect(image).toMatch(/^node:20\.\d+\.\d+-/);
  });

  it('copies what is there, and what is not kept from it', () => {
    const kept = text('docker/Dockerfile.dockerignore')
      .split('\n')
      .filter((line) => line.startsWith('!'))
      .map((line) => line.slice(1));
    const tracked = trackedFiles();
    for (const [name, what] of instructions) {
      if (name !== 'COPY' || what.startsWith('--from')) continue;
      const sources = what
        .split(' ')
        .slice(0, -1)
        .map((each) => each.replace(/^\.\//, ''));
      for (const source of sources) {
        expect(kept).toContain(source);
        expect(
          tracked.some((file) => file === source || file.startsWith(`${source}/`)),
          source,
        ).toBe(true);
      }
    }
  });

  it('starts the program as nobody in particular', () => {
    const last = (name: string): string => instructions.findLast(([each]) => each === name)?.[1] ?? '';
    expect(last('USER')).toBe('10001');
    expect(last('ENTRYPOINT')).toContain('/opt/taplight/dist/main.js');
    expect(dockerfile).toContain('npm ci');
    expect(dockerfile).not.toMatch(/apt-get install(?!.*--no-install-recommends)/);
  });
});

describe('the compose file', () => {
  const file: { services: Record<string, Service>; volumes: Record<string, unknown> } = parse(
    text('docker/compose.yaml'),
    {
      merge: true,
    },
  );
  const { services } = file;

  it('has what a fleet needs, with volumes that are declared', () => {
    expect(Object.keys(services)).toEqual(['clickhouse', 'sensor', 'dashboard', 'grafana']);
    for (const { volumes = [] } of Object.values(services)) {
      for (const volume of volumes) {
        const [source] = volume.split(':');
        if (!source.startsWith('.')) expect(Object.keys(file.volumes)).toContain(source);
        else expect(filesBelow('deploy').some((each) => each.startsWith(join('deploy/docker', source)))).toBe(true);
      }
    }
  });

  it('gives the program options that it has, and no right but capturing', () => {
    for (const name of ['sensor', 'dashboard']) {
      const { command = [], environment, cap_add, cap_drop } = services[name];
      for (const word of command.filter((each) => each.startsWith('--'))) expect(flags).toContain(word);
      for (const variable of Object.keys(environment).filter((each) => each.startsWith('TAPLIGHT_')))
        expect(variables).toContain(variable);
      expect([cap_drop, cap_add]).toEqual([['ALL'], ['NET_RAW', 'NET_ADMIN']]);
    }
    expect(services.sensor.network_mode).toBe('host');
  });

  it('holds no password, and is reached from this machine only', () => {
    for (const { environment, ports = [] } of Object.values(services)) {
      for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/);
      for (const [name, value] of Object.entries(environment))
        if (/PASSWORD/.test(name)) expect(value).toMatch(/^\$\{\w+:\?/);
    }
  });
});

describe('the systemd unit', () => {
  const unit = text('systemd/taplight@.service');

  it('is taken by systemd, and exposes little', (context) => {
    const folder = mkdtempSync(join(tmpdir(), 'taplight-unit-'));
    try {
      const program = join(folder, 'taplight');
      writeFileSync(program, '#!/bin/sh\n', { mode: 0o755 });
      const path = join(folder, 'taplight@eth0.service');
      copyFileSync('deploy/systemd/taplight@.service', path);
      writeFileSync(path, unit.replace('/usr/bin/taplight', program));
      const verified = spawnSync('systemd-analyze', ['verify', '--man=no', path], { encoding: 'utf8' });
      if (verified.error !== undefined) return context.skip('there is no systemd-analyze');
      expect(verified.stderr.split('\n').filter((line) => line.includes('taplight'))).toEqual([]);
      const security = spawnSync('systemd-analyze', ['security', '--offline=yes', '--no-pager', path], {
        encoding: 'utf8',
      });
      const level = Number(/exposure level for .*: ([\d.]+)/.exec(security.stdout)?.[1]);
      expect(level).toBeLessThanOrEqual(2.5);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('gives the program options that it has', () => {
    const words = /^ExecStart=\S+ (.*)$/m.exec(unit)?.[1].split(' ') ?? [];
    expect(words.filter((word) => word.startsWith('--') && !flags.has(word))).toEqual([]);
    expect(unit).toContain('AmbientCapabilities=CAP_NET_RAW CAP_NET_ADMIN\n');
  });
});

describe('the Kubernetes manifest', () => {
  const [document, ...others] = parseAllDocuments(text('kubernetes/daemonset.yaml'));
  const set = document.toJS();
  const { spec } = set.spec.template;
  const [sensor] = spec.containers;

  it('is one DaemonSet whose parts name each other rightly', () => {
    expect(others).toEqual([]);
    expect(document.errors).toEqual([]);
    expect([set.apiVersion, set.kind]).toEqual(['apps/v1', 'DaemonSet']);
    expect(set.spec.template.metadata.labels).toMatchObject(set.spec.selector.matchLabels);
    const volumes = spec.volumes.map(({ name }: { name: string }) => name);
    for (const container of [...spec.containers, ...spec.initContainers]) {
      for (const { name } of container.volumeMounts) expect(volumes).toContain(name);
      expect(container.resources.limits.memory).toMatch(/^\d+[MG]i$/);
      expect(container.securityContext.capabilities.drop).toEqual(['ALL']);
      expect(container.securityContext.readOnlyRootFilesystem).toBe(true);
    }
  });

  it('captures on the node, with no right but capturing, and keeps its secret a secret', () => {
    expect(spec.hostNetwork).toBe(true);
    expect(spec.automountServiceAccountToken).toBe(false);
    expect(sensor.securityContext).toMatchObject({
      runAsNonRoot: true,
      capabilities: { add: ['NET_RAW', 'NET_ADMIN'] },
    });
    for (const word of sensor.args.filter((each: string) => each.startsWith('--'))) expect(flags).toContain(word);
    for (const { name, value } of sensor.env) {
      expect(value, name).toBeUndefined();
      if (name.startsWith('TAPLIGHT_')) expect(variables).toContain(name);
    }
    expect(spec.volumes).toContainEqual({
      name: 'state',
      hostPath: expect.objectContaining({ type: 'DirectoryOrCreate' }),
    });
  });
});
