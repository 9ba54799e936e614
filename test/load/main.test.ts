import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const main = fileURLToPath(new URL('./main.ts', import.meta.url));

test('a measurement that is not there exits with 2 and the names allowed', () => {
  const { status, stderr } = spawnSync(process.execPath, [main, 'serve', 'trees', 'nonsense'], { encoding: 'utf8' });
  expect(stderr).toMatch(/measurement: received nonsense; allowed: trees, mlp, .*champion; name one of these/);
  expect(status).toBe(2);
});

test('what a benchmark starts is no benchmark itself', () => {
  const { status, stderr } = spawnSync(process.execPath, [main, 'floor'], { encoding: 'utf8' });
  expect(stderr).toMatch(/received floor; allowed: (?!.*floor).*serve/);
  expect(status).toBe(2);
});
