import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const read = (path: string): string => readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), 'utf8');

test('deploy.yml installs the engine of the same version as the SDK that programs run on', () => {
  const { version } = JSON.parse(read('node_modules/@pulumi/pulumi/package.json')) as { version: string };
  const installed = [...read('.github/workflows/deploy.yml').matchAll(/pulumi-version: (\S+)/g)].map(([, one]) => one);
  expect(installed).toEqual([version, version]);
});
