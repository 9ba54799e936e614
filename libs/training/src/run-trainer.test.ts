import { access, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InputError } from '@repo/contract/input-error';
import { StageFailure } from '@repo/contract/stage-failure';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { createSmallWorld, type SmallWorld } from './fixtures/small-world.ts';
import { runTrainer } from './run-trainer.ts';

let world: SmallWorld;
let scratch: string;

beforeAll(async () => {
  world = await createSmallWorld();
});
beforeEach(async () => {
  scratch = await mkdtemp(join(world.root, 'scratch-'));
});
afterAll(() => world.remove());

const runCommand = (command: string[], timeoutMs: number) =>
  runTrainer({
    training: { by: 'trainer', command, params: { depth: 3 }, timeoutMs },
    contract: world.contract,
    featuresDir: world.featuresDir,
    modelDir: world.root,
    scratch,
  });

/** Runs a shell script as the trainer; $1 is its input folder, $2 its output folder. */
const run = (script: string, timeoutMs = 60_000) => runCommand(['sh', '-c', script, 'trainer'], timeoutMs);

const write = 'cd $2; echo x > model.onnx; echo x > predictions.parquet';
const writeAll = `${write}; echo '{"loss": 0.5, "trainer": "its own"}' > metrics.json; echo '{"shell": "1.0"}' > env.json`;

test('a trainer finds its four inputs and runs in the folder of the model', async () => {
  const { candidate } = await run(
    `${writeAll}; echo "{\\"inputs\\": \\"$(ls $1 | tr '\\n' ' ')\\", \\"params\\": $(wc -c < $1/params.json)}" > metrics.json; test "$OLDPWD" = "${world.root}"`,
  );
  expect(candidate.facts).toMatchObject({
    inputs: 'contract.json params.json train.parquet valid.parquet ',
    params: '{"depth":3}'.length,
  });
});

test('what it wrote comes back; its metrics cannot pass for the name of the trainer', async () => {
  const { candidate, predictions } = await run(writeAll);
  expect(Buffer.from(candidate.onnx).toString()).toBe('x\n');
  expect(candidate.facts).toEqual({ loss: 0.5, trainer: expect.stringMatching(/^sh -c /) });
  expect(candidate.environment).toEqual({ shell: '1.0' });
  await access(predictions);
});

test.each([
  ['exit code 1', 'echo "no memory left" >&2; exit 1', StageFailure, /failed with exit code 1.*\n.*no memory left/],
  ['a refusal', 'echo "valid.parquet: 0 rows"; exit 2', InputError, /a refusal by the trainer: valid\.parquet: 0 rows/],
  ['a crash', 'kill -SEGV $$', StageFailure, /was ended by SIGSEGV/],
  ['no model', `${writeAll}; rm model.onnx`, StageFailure, /wrote no model\.onnx/],
  ['no predictions', `${writeAll}; rm predictions.parquet`, StageFailure, /wrote no predictions\.parquet/],
  ['no metrics', `${writeAll}; rm metrics.json`, StageFailure, /wrote no metrics\.json/],
  ['no versions', `${writeAll}; rm env.json`, StageFailure, /wrote no env\.json/],
  [
    'metrics that are not JSON',
    `${writeAll}; echo NaN > metrics.json`,
    StageFailure,
    /metrics\.json is not a JSON object/,
  ],
  [
    'metrics in a tree',
    `${writeAll}; echo '{"a": {}}' > metrics.json`,
    StageFailure,
    /metrics\.json\.a: received \{\}/,
  ],
])('%s ends with the right error and its reason', async (_, script, type, message) => {
  const error = await run(script).catch((e: unknown) => e);
  expect(error).toBeInstanceOf(type);
  expect((error as Error).message).toMatch(message);
});

test('a program that cannot be found is wrong input', async () => {
  const found = runCommand(['no-such-trainer'], 1000);
  await expect(found).rejects.toThrow(/training\.command: received \["no-such-trainer".*ENOENT/);
  await expect(found).rejects.toThrow(InputError);
});

test('a program that runs too long is stopped with all that it started', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'left-'));
  try {
    // The second process would outlive a shell that alone is ended.
    const script = `(while :; do echo > ${folder}/alive; sleep 0.05; done) & echo waiting; wait`;
    await expect(run(script, 500)).rejects.toThrow(/was stopped after 500 ms.*\n.*waiting/);
    await rm(join(folder, 'alive'), { force: true });
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(await readdir(folder)).toEqual([]);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('an interrupt ends the program, so that what it left can be removed', async () => {
  const before = process.listenerCount('SIGINT');
  const running = run('sleep 600');
  const failed = expect(running).rejects.toThrow(/was interrupted \(SIGINT\)/);
  await vi.waitFor(() => expect(process.listenerCount('SIGINT')).toBe(before + 1));
  process.emit('SIGINT', 'SIGINT');
  await failed;
  expect(process.listenerCount('SIGINT')).toBe(before);
});

test('its last words are cut to their end', async () => {
  const error = await run('seq 1 100000; exit 1').catch((e: Error) => e);
  expect((error as Error).message.length).toBeLessThan(5000);
  expect((error as Error).message).toMatch(/100000$/);
});
