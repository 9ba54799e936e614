// budget: 240 s
// needs: git, python3:ensurepip
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BundleMetrics } from '@repo/training/measure';
import { afterAll, expect, test } from 'vitest';
import { createVenv } from '../create-venv.ts';
import { createCopiedWorkspace } from './copied-workspace.ts';

const workspace = createCopiedWorkspace();
const venv = mkdtempSync(join(tmpdir(), 'venv-'));
const python = join(venv, 'bin/python');
afterAll(() => {
  workspace.remove();
  rmSync(venv, { recursive: true, force: true });
});
const example = join(workspace.root, 'libs/training/examples/lightgbm');
const folder = join(workspace.root, 'models/flight-delay');

/** Replaces how flight-delay is trained: this is all that changes in the definition. */
function trainWithLightgbm(): void {
  const params = '{ num_iterations: 150, learning_rate: 0.1, min_data_in_leaf: 100, early_stopping_round: 20 }';
  const path = 'models/flight-delay/model.ts';
  const [boosting = ''] = /training: gradientBoosting\(.*\),/.exec(workspace.read(path)) ?? [];
  expect(boosting).not.toBe('');
  workspace.replace(path, boosting, `training: trainer({ command: ['${python}', 'train.py'], params: ${params} }),`);
  workspace.replace(path, 'import { gradientBoosting }', 'import { trainer }');
  cpSync(join(example, 'train.py'), join(folder, 'train.py'));
}

test('the pinned requirements of the LightGBM example can be installed', () => {
  expect(createVenv(venv, ['-r', join(example, 'requirements.txt')])).toBe(python);
});

test('LightGBM trains flight-delay from its real features through causeway train', async () => {
  trainWithLightgbm();
  const { exitCode, output } = await workspace.run('causeway', 'train', 'flight-delay');
  expect(exitCode === 0 ? '' : output).toBe('');
  const stage = '.causeway/stages/flight-delay/train';
  const {
    test: scores,
    baselines,
    trainer,
  } = JSON.parse(workspace.read(`${stage}/bundle/metrics.json`)) as BundleMetrics;
  console.log(`LightGBM: AUC ${scores.auc?.toFixed(4)}, log-loss ${scores.logLoss?.toFixed(4)} on the test rows`);
  expect(scores.auc).toBeGreaterThan(0.7);
  expect(baselines.linear?.gain.lower).toBeGreaterThan(0);
  expect(trainer).toMatchObject({ trainer: `${python} train.py`, valid_binary_logloss: expect.any(Number) });
  expect(workspace.read(`${stage}/report.html`)).toContain('<td>version of lightgbm</td><td>4.7.0</td>');
  expect(existsSync(join(workspace.root, `${stage}/trainer`))).toBe(false);
});

test('what LightGBM refuses ends with exit code 2, its reason, and the former bundle untouched', async () => {
  const manifest = '.causeway/stages/flight-delay/train/bundle/manifest.json';
  const before = workspace.read(manifest);
  workspace.replace('models/flight-delay/train.py', 'if table.num_rows == 0', 'if table.num_rows < 1_000_000');
  const { exitCode, output } = await workspace.run('causeway', 'train', 'flight-delay');
  expect(output).toMatch(/a refusal by the trainer: train\.py: train\.parquet: received 0 rows/);
  expect(exitCode).toBe(2);
  expect(workspace.read(manifest)).toBe(before);
});
