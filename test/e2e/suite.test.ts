import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { runWithin } from './run-within.ts';
import { readHeader, suitesIn } from './suite.ts';

test('a suite states its budget and its tools in its first two lines', () => {
  expect(readHeader('road', '// budget: 300 s\n// needs: git, python3\n')).toEqual({
    budgetS: 300,
    needs: ['git', 'python3'],
  });
  expect(readHeader('road', '// budget: 60 s\nimport x from "x";')).toEqual({ budgetS: 60, needs: [] });
});

test('a suite without a budget is refused with the line to write', () => {
  expect(() => readHeader('road', "import { test } from 'vitest';")).toThrow(/allowed: "\/\/ budget: 300 s"/);
});

test('a tool or a Python module that this machine lacks is named', () => {
  const folder = mkdtempSync(join(tmpdir(), 'suites-'));
  try {
    writeFileSync(join(folder, 'road.e2e.ts'), '// budget: 60 s\n// needs: git, no-such-tool, git:no_such_module\n');
    expect(suitesIn(folder)).toMatchObject([{ name: 'road', missing: ['no-such-tool', 'git:no_such_module'] }]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('a variable that is not set is named, and of two programs one is enough', () => {
  const folder = mkdtempSync(join(tmpdir(), 'suites-'));
  try {
    writeFileSync(
      join(folder, 'a.e2e.ts'),
      '// budget: 60 s\n// needs: no-such-tool|git, no-such-tool|no-other, $NO_SUCH, $PATH\n',
    );
    expect(suitesIn(folder)).toMatchObject([{ name: 'a', missing: ['no-such-tool|no-other', '$NO_SUCH'] }]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('a command over its budget is ended with all that it started, sessions of their own included', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'within-'));
  try {
    const script = `setsid sh -c 'echo $$ > ${folder}/pid; exec sleep 600' & wait`;
    expect(await runWithin(1, 'sh', ['-c', script])).toBeNull();
    const pid = Number(readFileSync(join(folder, 'pid'), 'utf8'));
    await expect.poll(() => existsSync(`/proc/${pid}/exe`)).toBe(false);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('a command within its budget answers with its exit code', async () => {
  expect(await runWithin(60, 'sh', ['-c', 'exit 3'])).toBe(3);
});

test.each(['e2e', 'load'])('an unknown name given to test/%s/main.ts exits with 2 and the names allowed', (folder) => {
  const main = fileURLToPath(new URL(`../${folder}/main.ts`, import.meta.url));
  const { status, stderr } = spawnSync(process.execPath, [main, 'nowhere'], { encoding: 'utf8' });
  expect(status).toBe(2);
  expect(stderr).toMatch(/received nowhere; allowed: /);
});
