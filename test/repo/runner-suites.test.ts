import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { workflowFiles } from './workflow-files.ts';
import { readWorkspace } from './workspace.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const files = new Map(workflowFiles(readWorkspace(root, [], [])).map((file) => [file.path, file]));
const jobs = (name: string) => new Map(files.get(`.github/workflows/${name}`)?.jobs);

test('every suite that a workflow names exists', () => {
  const nightly = jobs('nightly.yml').get('e2e')?.strategy?.matrix?.suite ?? [];
  const asked = (jobs('e2e.yml').get('suite')?.steps ?? []).map(({ if: when = '' }) =>
    /^inputs\.suite != '([^']+)'$/.exec(String(when))?.at(1),
  );
  const run = [...jobs('nightly.yml').values()]
    .flatMap(({ steps = [] }) => steps)
    .flatMap(({ run: command = '' }) =>
      [...String(command).matchAll(/npm run e2e -- ([a-z0-9-]+)/g)].map(([, name]) => name ?? ''),
    );
  expect(run).toContain('sabotage');
  const named = [...run, ...nightly, ...asked.filter((name) => name !== undefined)];
  expect(new Set(named)).toEqual(new Set([...run, 'image', 'infra', 'bad-cluster']));
  for (const name of named) expect([name, existsSync(`${root}/test/e2e/${name}.e2e.ts`)]).toEqual([name, true]);
});
