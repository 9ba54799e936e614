import { readdirSync, readFileSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createAssignment } from '@repo/experiments/assign';
import { exampleContract } from '@repo/serving/fixtures/example-bundle';
import { exampleNanModel } from '@repo/serving/fixtures/example-companions';
import { expect, onTestFinished, test } from 'vitest';
import { commitExperiment, commitFallback, otherWeights, weighted } from '../fixtures/example-experiment.ts';
import { createExampleWorkspace, type ExampleService, startExample } from '../fixtures/example-service.ts';

const flight = { scheduled_at: '2013-12-24T18:00:00Z', carrier: 'UA', dest: 'IAH', seats: 2 };
const arms = [
  { name: 'champion', weight: 50 },
  { name: 'version-2', weight: 50 },
];
const assign = createAssignment({ salt: 'other-weights', traffic: 100, arms });
const carriers = Array.from({ length: 40 }, (_, i) => `C${i}`);
const carrierOf = (arm: string): string => carriers.find((carrier) => assign(carrier)?.arm === arm) as string;

/** A service whose prediction log is on the disk when an answer is out. */
async function serve(prepare: (modelsDir: string) => Promise<unknown>) {
  const workspace = await createExampleWorkspace();
  await prepare(workspace.modelsDir);
  const service = await startExample(workspace.dir, { PREDICTION_LOG: 'durable', PREDICTION_LOG_DIR: 'log' });
  onTestFinished(async () => {
    await service.stop();
    await workspace.remove();
  });
  const events = () => {
    const dir = join(workspace.dir, 'log');
    const files = readdirSync(dir).filter((file) => file.endsWith('.jsonl'));
    const lines = files.flatMap((file) => readFileSync(join(dir, file), 'utf8').trimEnd().split('\n'));
    return lines.map((line) => JSON.parse(line));
  };
  return { ...service, events, workspace };
}

async function ask({ url }: ExampleService, request: object = {}, version = '') {
  const response = await fetch(`${url}/v2/models/example${version}/predict`, {
    method: 'POST',
    body: JSON.stringify({ ...flight, ...request }),
  });
  const body = (await response.json()) as Record<string, unknown>;
  return { status: response.status, experiment: response.headers.get('x-experiment'), body };
}

const metric = async ({ adminUrl }: ExampleService, name: string): Promise<string[]> => {
  const text = await (await fetch(`${adminUrl}/metrics`)).text();
  return text.split('\n').filter((line) => line.startsWith(name));
};

test('two versions answer, each for its own units, and say so in header and log', async () => {
  const service = await serve((dir) => commitExperiment(dir));
  for (const carrier of carriers) {
    const arm = assign(carrier)?.arm;
    const first = await ask(service, { carrier });
    expect(first).toMatchObject({
      status: 200,
      experiment: `other-weights;variant=${arm};propensity=0.5`,
      body: { model_version: arm === 'champion' ? '1' : '2', fallback_level: 'champion' },
    });
    expect((await ask(service, { carrier, dest: 'LAX' })).experiment).toBe(first.experiment);
  }
  const logged = service.events().map(({ subject, variant, propensity, experiment, data }) => {
    const { carrier } = data.request;
    return { subject, variant, propensity, experiment, expected: assign(carrier)?.arm };
  });
  expect(logged).toHaveLength(2 * carriers.length);
  for (const { expected, ...event } of logged) {
    const subject = `example/${expected === 'champion' ? 1 : 2}`;
    expect(event).toEqual({ subject, variant: expected, propensity: '0.5', experiment: 'other-weights' });
  }
  expect(await metric(service, 'experiment_active')).toEqual([
    'experiment_active{model="example",experiment="other-weights"} 1',
  ]);
});

test('a request that names no unit, or whose unit takes no part, is answered by the champion and counts for nobody', async () => {
  const service = await serve((dir) => commitExperiment(dir, { unit: 'seats', traffic: 0 }));
  for (const seats of [null, 4]) {
    expect(await ask(service, { seats })).toMatchObject({
      status: 200,
      experiment: null,
      body: { model_version: '1' },
    });
  }
  for (const event of service.events()) {
    expect(event).toMatchObject({ variant: 'stable', propensity: '1' });
    expect(event).not.toHaveProperty('experiment');
  }
  expect((await metric(service, 'experiment_requests_total')).sort()).toEqual([
    'experiment_requests_total{model="example",experiment="other-weights",arm="",result="no_unit"} 1',
    'experiment_requests_total{model="example",experiment="other-weights",arm="",result="outside"} 1',
  ]);
});

test('a path that names a version gets that version, whatever its unit', async () => {
  const service = await serve((dir) => commitExperiment(dir));
  const [one, two] = [carrierOf('champion'), carrierOf('version-2')];
  expect(await ask(service, { carrier: one }, '/versions/2')).toMatchObject({
    experiment: null,
    body: { model_version: '2' },
  });
  expect(await ask(service, { carrier: two }, '/versions/1')).toMatchObject({
    experiment: null,
    body: { model_version: '1' },
  });
});

test.each([0, 100])('an arm of weight %d gets what it should', async (weight) => {
  const service = await serve(async (dir) => {
    const digest = await commitExperiment(dir);
    const pin = { version: 2, digest };
    await commitExperiment(dir, {
      arms: [
        { name: 'champion', pin: null, weight: 100 - weight },
        { name: 'version-2', pin, weight },
      ],
    });
  });
  const found = await Promise.all(carriers.map((carrier) => ask(service, { carrier })));
  const [version, variant] = weight === 0 ? ['1', 'champion'] : ['2', 'version-2'];
  expect(new Set(found.map(({ body }) => body.model_version))).toEqual(new Set([version]));
  expect(new Set(found.map(({ experiment }) => experiment))).toEqual(
    new Set([`other-weights;variant=${variant};propensity=1`]),
  );
});

test.each([
  ['is damaged', weighted([1, 1, 1, 1, 1], { onnx: new Uint8Array([1, 2, 3]) }), undefined],
  ['has other bytes than were pinned', weighted(otherWeights), { version: 2, digest: `sha256:${'0'.repeat(64)}` }],
  ['is nowhere', weighted(otherWeights), { version: 7, digest: `sha256:${'0'.repeat(64)}` }],
])(
  'a version that %s pauses the experiment: the champion answers, ready, and metrics say so',
  async (_, options, pin) => {
    const service = await serve(async (dir) => {
      const digest = await commitExperiment(dir, {}, options);
      const arm = { name: 'version-2', pin: pin ?? { version: 2, digest }, weight: 50 };
      await commitExperiment(dir, { arms: [{ name: 'champion', pin: null, weight: 50 }, arm] }, options);
    });
    expect((await fetch(`${service.url}/v2/health/ready`)).status).toBe(200);
    for (const carrier of [carrierOf('champion'), carrierOf('version-2')]) {
      expect(await ask(service, { carrier })).toMatchObject({
        status: 200,
        experiment: null,
        body: { model_version: '1' },
      });
    }
    const version = String(pin?.version ?? 2);
    expect(await metric(service, 'model_ready{model="example",')).toContain(
      `model_ready{model="example",version="${version}"} 0`,
    );
    expect(await metric(service, 'experiment_')).toEqual(
      expect.arrayContaining([
        'experiment_active{model="example",experiment="other-weights"} 0',
        'experiment_requests_total{model="example",experiment="other-weights",arm="",result="paused"} 2',
      ]),
    );
    expect(service.logs).toContainEqual(expect.objectContaining({ model: 'example', version }));
  },
);

test('an arm whose answer is refused is stood in for by the champion, and still counts as that arm', async () => {
  const contract = exampleContract('example');
  const serving = { ...contract.serving, fallback: ['previous' as const, 'prior' as const] };
  const nan = { contract: { ...contract, serving }, onnx: exampleNanModel(contract, otherWeights) };
  const service = await serve(async (dir) => {
    await commitFallback(dir);
    await commitExperiment(dir, {}, weighted(otherWeights, nan));
  });
  const carrier = carrierOf('version-2');
  const { status, experiment, body } = await ask(service, { carrier, seats: -2 });
  expect({ status, experiment }).toEqual({ status: 200, experiment: 'other-weights;variant=version-2;propensity=0.5' });
  expect(body).toMatchObject({ fallback_level: 'previous', model_version: '1' });
  expect(service.events()[0]).toMatchObject({ subject: 'example/1', variant: 'version-2', fallbacklevel: 'previous' });
});

test('an experiment is taken up, changed and let go of while the service runs', async () => {
  const service = await serve(async () => undefined);
  const carrier = carrierOf('version-2');
  const { modelsDir } = service.workspace;
  expect(await ask(service, { carrier })).toMatchObject({ experiment: null, body: { model_version: '1' } });
  await commitExperiment(modelsDir);
  const refreshed = await startExample(service.workspace.dir, { REGISTRY_POLL_MS: '20' });
  onTestFinished(() => refreshed.stop().then(() => undefined));
  await expect.poll(async () => (await ask(refreshed, { carrier })).body.model_version).toBe('2');
  await rm(join(modelsDir, 'example', 'experiment.json'));
  await expect.poll(async () => (await ask(refreshed, { carrier })).body.model_version).toBe('1');
  await writeFile(join(modelsDir, 'example', 'experiment.json'), '{');
  await expect
    .poll(() => refreshed.logs)
    .toContainEqual(expect.objectContaining({ msg: expect.stringContaining('example has no experiment') }));
  expect(await ask(refreshed, { carrier })).toMatchObject({ experiment: null, body: { model_version: '1' } });
});

test('a shadow scores what was answered, is counted by how it differs, logged as nobody’s answer, and never served', async () => {
  const service = await serve(async (dir) => {
    const digest = await commitExperiment(dir);
    const shadow = { version: 2, digest };
    await commitExperiment(dir, { traffic: 0, shadow });
  });
  for (const dest of ['IAH', 'LAX', 'ATL']) expect((await ask(service, { dest })).body.model_version).toBe('1');
  const shadows = () => service.events().filter(({ kind }) => kind === 'shadow');
  await expect.poll(() => shadows().length).toBe(3);
  for (const { id, requestid, subject, variant, propensity, experiment } of shadows()) {
    expect({ id, subject, variant, propensity, experiment }).toEqual({
      id: `${requestid}.shadow`,
      subject: 'example/2',
      variant: 'shadow',
      propensity: '0',
      experiment: 'other-weights',
    });
  }
  const compared = await metric(service, 'shadow_comparisons_total');
  expect(compared.map((line) => Number(line.split(' ').at(-1))).reduce((a, b) => a + b)).toBe(3);
  expect(await metric(service, 'shadow_score_difference_count')).toEqual([
    'shadow_score_difference_count{model="example",version="1",shadow="2"} 3',
  ]);
});
