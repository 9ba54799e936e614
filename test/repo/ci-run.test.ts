import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'ci-'));
afterAll(() => rmSync(folder, { recursive: true }));
mkdirSync(join(folder, '.ci'));
cpSync(fileURLToPath(new URL('../../.ci/run', import.meta.url)), join(folder, '.ci/run'));

/** Runs the script with a stand-in for npm: a shell `case` over its arguments. */
function run(cases: string, script = join(folder, '.ci/run')): { status: number | null; lines: string[] } {
  writeFileSync(join(folder, 'npm'), `#!/bin/sh\ncase "$*" in\n${cases}\n*) ;;\nesac\n`);
  chmodSync(join(folder, 'npm'), 0o755);
  const { KUBECONFIG: _own, ...others } = process.env;
  const env = { ...others, PATH: `${folder}:${process.env.PATH}` };
  const { status, stdout } = spawnSync(script, { cwd: tmpdir(), env, encoding: 'utf8' });
  return { status, lines: stdout.trimEnd().split('\n') };
}

test('tests are counted, suites without their tools are named, and the last line sums up', () => {
  const { status, lines } = run(`cit) echo "      Tests  40 passed | 2 skipped (42)" ;;
"run -s e2e") printf 'road  60 s  ready\\nfar   60 s  missing pulumi, kubectl\\nlong  9999 s  ready\\n' ;;
"run e2e -- road") echo "      Tests  3 passed (3)" ;;`);
  expect(lines).toContain('skipped: e2e far: pulumi, kubectl not found');
  expect(lines).toContain('skipped: e2e long: its budget of 9999 s no longer fits into 2400 s');
  expect(lines).toContain('skipped: 2 tests of npm cit');
  expect(lines.at(-1)).toBe('45 passed, 0 failed');
  expect(status).toBe(0);
});

test('a failed test, a failed step and a failed suite each count and make the run fail', () => {
  const { status, lines } = run(`cit) echo "      Tests  2 failed | 40 passed (42)"; exit 1 ;;
"run lint") exit 3 ;;
"run -s e2e") echo 'road  60 s  ready' ;;
"run e2e -- road") exit 1 ;;`);
  expect(lines).toContain('failed: npm run lint (exit code 3)');
  expect(lines.at(-1)).toBe('41 passed, 4 failed');
  expect(status).toBe(1);
});

test('an install that fails is a failure even though no test ran', () => {
  const { status, lines } = run('cit) exit 1 ;;');
  expect(lines.at(-1)).toBe('2 passed, 1 failed');
  expect(status).toBe(1);
});

test('a suite that lacks nothing but a cluster gets one, which is gone afterwards; without a way to make one it is skipped', () => {
  const cases = `"run -s e2e") printf 'infra  60 s  missing $KUBECONFIG\\nroad  60 s  ready\\n' ;;
"run e2e -- infra") echo "      Tests  7 passed (7)"; echo "infra at $KUBECONFIG" ;;
"run e2e -- road") echo "road at \${KUBECONFIG:-none}" ;;`;
  expect(run(cases).lines).toContain('skipped: e2e infra: $KUBECONFIG not found');
  const beside = mkdtempSync(join(tmpdir(), 'ci-'));
  const script = join(beside, 'repository/.ci/run');
  try {
    cpSync(join(folder, '.ci'), join(beside, 'repository/.ci'), { recursive: true });
    mkdirSync(join(beside, 'shared/cluster'), { recursive: true });
    for (const [name, line] of [
      ['up', 'echo export KUBECONFIG=/there'],
      ['down', 'echo cluster down'],
    ]) {
      writeFileSync(join(beside, 'shared/cluster', name ?? ''), `#!/bin/sh\n${line}\n`, { mode: 0o755 });
    }
    const { lines } = run(cases, script);
    expect(lines).toContain('infra at /there');
    expect(lines).toContain('road at none');
    expect(lines.indexOf('cluster down')).toBe(lines.indexOf('infra at /there') + 1);
    expect(lines.at(-1)).toBe('11 passed, 0 failed');
  } finally {
    rmSync(beside, { recursive: true });
  }
});
