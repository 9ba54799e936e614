// budget: 480 s
// needs: act, git, buildah, skopeo, tar
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { createCopiedWorkspace } from './copied-workspace.ts';
import { createImageRegistry } from './image-registry.ts';
import { runWorkflow, type WorkflowRun } from './workflows/run-workflow.ts';

const workspace = createCopiedWorkspace();
const registry = await createImageRegistry();
const storage = mkdtempSync(join(tmpdir(), 'build-image-'));
afterAll(() => {
  workspace.remove();
  registry.close();
  rmSync(storage, { recursive: true });
});
// Each job works on a copy of the checkout, and needs no data.
for (const path of ['.git', 'features']) rmSync(join(workspace.root, path), { recursive: true });
const commit = async (message: string): Promise<void> => {
  await workspace.succeed('git', 'init', '-q', '-b', 'main');
  await workspace.succeed('git', 'add', '-A');
  const author = ['-c', 'user.name=dev', '-c', 'user.email=dev@localhost'];
  await workspace.succeed('git', ...author, 'commit', '-q', '--allow-empty', '-m', message);
};

const image = `${registry.host}/shop/causeway-inference`;
const caller = `
name: caller
on: push
jobs:
  image:
    uses: ./.github/workflows/build-image.yml
    with:
      image: ${image}
      base: scratch
  deploy:
    needs: image
    runs-on: ubuntu-latest
    steps:
      - run: echo "deploys $DIGEST"
        env:
          DIGEST: \${{ needs.image.outputs.digest }}
`;
writeFileSync(join(workspace.root, '.github/workflows/caller.yml'), caller);

let runs = 0;
/** Commits what is there and runs the caller; what its run kept is in `kept`. */
async function push(message: string): Promise<WorkflowRun & { kept(name: string): string }> {
  await commit(message);
  runs += 1;
  const runId = String(runs);
  const run = await runWorkflow({
    checkout: workspace.root,
    workflow: 'caller.yml',
    eventName: 'push',
    event: { ref: 'refs/heads/main' },
    runId,
    artifacts: storage,
    caches: join(storage, 'caches'),
    environment: { GITHUB_REPOSITORY: 'bot/shop' },
    token: 'a token',
  });
  return { ...run, kept: (name) => readFileSync(join(storage, runId, name), 'utf8') };
}

test('an image is built, pushed by its digest without a tag, attested, and handed to who deploys it', async () => {
  const { jobs, output, kept } = await push('a service');
  expect(jobs, output).toEqual({ 'image/build': 'success', 'image/push': 'success', deploy: 'success' });
  const [digest = '', ...more] = registry.manifests.keys();
  expect({ digest, more }).toEqual({ digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/), more: [] });
  expect(output).toContain(`deploys ${digest}`);
  expect(kept('logins')).toBe('ghcr.io\n');
  const attested = kept('attestations')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(attested).toEqual([
    { name: image, digest, bomFormat: null },
    { name: image, digest, bomFormat: 'CycloneDX' },
  ]);
  const { layers, config } = JSON.parse(registry.manifests.get(digest) ?? '');
  for (const blob of [...layers, config]) expect(registry.blobs.get(blob.digest)).toBe(blob.size);
});

test('an image that runs as root is not pushed', async () => {
  const before = registry.manifests.size;
  workspace.replace('apps/inference/Dockerfile', 'USER 65532:65532', 'USER root');
  const { jobs, output } = await push('a careless change');
  expect(jobs, output).toEqual({ 'image/build': 'failure' });
  expect(output).toContain('user: received root; allowed: a number other than 0');
  expect(registry.manifests.size).toBe(before);
});
