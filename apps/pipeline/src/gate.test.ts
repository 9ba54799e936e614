import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, renameSync, rmSync } from 'node:fs';
import { gateReportSchema } from '@repo/contract/gate-report';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTemporaryWorkspace, type TemporaryWorkspace } from './fixtures/temporary-workspace.ts';
import { candidateBundle } from './gate/candidate-bundle.ts';

const model = 'models/late-order/model.ts';
const stage = '.causeway/stages/late-order';
const gates = "gates: { slices: ['shop'] }";
let workspace: TemporaryWorkspace;
let champion: { digest: string };

// Trained and registered once; every test works on a copy.
beforeAll(async () => {
  workspace = await createTemporaryWorkspace();
  await workspace.run(['train', 'late-order']);
  champion = JSON.parse((await workspace.run(['register', 'late-order', '--json'])).stdout);
}, 60_000);
afterAll(() => workspace.remove());

const gate = (copy: TemporaryWorkspace, ...args: string[]) => copy.run(['gate', 'late-order', '--json', ...args]);
const verdict = async (copy: TemporaryWorkspace, ...args: string[]) => JSON.parse((await gate(copy, ...args)).stdout);

/** Waives gates that 132 test rows cannot pass. */
function waive(copy: TemporaryWorkspace, names: readonly string[]): void {
  const expires = new Date(Date.now() + 7 * 86_400e3).toISOString().slice(0, 10);
  const waivers = names.map(
    (name) => `{ gate: '${name}', reason: 'few rows', approver: 'lead', expires: '${expires}' }`,
  );
  copy.edit(model, gates, `gates: { slices: ['shop'], waivers: [${waivers.join(', ')}] }`);
}
const failing = ['simple-baseline', 'overfit-and-leakage'];
const undecided = ['data-preconditions', 'slices', 'calibration'];

test('a candidate is judged against the committed champion, beside a broken definition, and the report is written in every form', async () => {
  const copy = workspace.copy();
  copy.write('models/broken/model.ts', 'export default {{{\n');
  const broken = await copy.spawn(['gate', 'broken']);
  expect(broken).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('models/broken/model.ts: received ') });
  const { exitCode, stdout, stderr } = await gate(copy);
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/^gates\n/);
  const said = JSON.parse(stdout);
  expect(said).toMatchObject({
    model: 'late-order',
    verdict: 'fail',
    candidate: { digest: champion.digest, version: null },
    champion: { digest: champion.digest, version: 1 },
    primary: { gain: { estimate: 0, lower: 0, upper: 0 } },
    waived: [],
    report: `${stage}/gate/report.html`,
  });
  const outcomes = Object.entries(said.gates);
  expect(outcomes).toHaveLength(17);
  expect(outcomes.filter(([, outcome]) => outcome === 'fail').map(([name]) => name)).toEqual(failing);
  expect(outcomes.filter(([, outcome]) => outcome === 'inconclusive').map(([name]) => name)).toEqual(undecided);
  const files = copy.filesIn(`${stage}/gate`);
  expect(Object.keys(files).sort()).toEqual(['junit.xml', 'report.html', 'report.json', 'report.md']);
  const report = gateReportSchema.parse(JSON.parse(files['report.json'] as string));
  expect(report.pictures.latencyMs?.champion).not.toBeNull();
  expect(files['report.md']).toContain('late-order may not merge');
});

test('the exit code is the verdict: waivers that hold leave what cannot be told, and then nothing', async () => {
  const undecidable = workspace.copy();
  waive(undecidable, failing);
  const first = await gate(undecidable);
  expect(first).toMatchObject({ exitCode: 3, stderr: expect.stringMatching(/^gates\n/) });
  expect(JSON.parse(first.stdout)).toMatchObject({ verdict: 'inconclusive', waived: failing });
  const good = workspace.copy();
  waive(good, [...failing, ...undecided]);
  const { exitCode, stdout } = await good.run(['gate', 'late-order']);
  expect({ exitCode, stdout }).toMatchObject({
    exitCode: 0,
    stdout: expect.stringMatching(/^pass: late-order, with 5 w/),
  });
});

test('a model without a champion is judged by what needs none, and with --report-only a verdict of no is no failure', async () => {
  const copy = workspace.copy();
  rmSync(copy.path('models/late-order/champion.json'));
  const { exitCode, stdout } = await gate(copy, '--report-only');
  expect(exitCode).toBe(0);
  expect(existsSync(copy.path(stage, 'gate/report.json'))).toBe(true);
  const said = JSON.parse(stdout);
  expect(said).toMatchObject({ verdict: 'fail', champion: null, primary: { champion: null, gain: null } });
  expect(said.gates).toMatchObject({
    champion: 'not-applicable',
    'contract-compatibility': 'not-applicable',
    'artifact-contract': 'pass',
  });
});

test('a candidate can be the folder of a train stage or a committed release, with its evidence beside it', async () => {
  for (const path of [`${stage}/train`, 'models/late-order/release/1'])
    expect((await candidateBundle(workspace.path(path), 'late-order')).card).toContain(champion.digest);
  const copy = workspace.copy();
  rmSync(copy.path('models/late-order/release/1.evidence'), { recursive: true });
  const bare = await verdict(copy, '--candidate', 'models/late-order/release/1/');
  expect(bare).toMatchObject({
    candidate: { digest: champion.digest },
    gates: { 'paper-trail': 'fail', 'artifact-contract': 'pass' },
  });
});

test('the bundle is trained first where the definition changed, and the champion answers rows joined with its own views', async () => {
  const before = JSON.parse(workspace.filesIn(`${stage}/train`)['bundle/metrics.json'] as string).test.logLoss;
  const copy = workspace.copy();
  copy.edit(model, 'select(order, shopDeliveries)', 'select(order)');
  const { stdout, stderr } = await gate(copy);
  expect(stderr).toMatch(/join features\nboost\n(?:.*\n)*join features of champion\ngates\n/);
  const { primary, gates: outcomes, champion: compared } = JSON.parse(stdout);
  expect(compared.version).toBe(1);
  expect(primary.champion).toBeCloseTo(before, 10);
  expect(primary.candidate).toBeGreaterThan(before);
  expect(outcomes).toMatchObject({ 'serving-skew': 'pass', 'onnx-parity': 'pass', 'contract-compatibility': 'warn' });
});

test('a view that only the champion reads must not be gone from the catalogue', async () => {
  const copy = workspace.copy();
  copy.edit(model, 'select(order, shopDeliveries)', 'select(order)');
  copy.edit(model, "import { shopDeliveries } from '../../features/shop/views/shop-deliveries.ts';\n", '');
  rmSync(copy.path('features/shop/views/shop-deliveries.ts'));
  const { exitCode, stderr } = await gate(copy);
  expect(exitCode).toBe(2);
  expect(stderr).toContain('view shop-deliveries: received features/*/views/shop-deliveries.ts, which is gone');
});

test('a candidate of another encoding is judged on rows encoded as its own contract says', async () => {
  const copy = workspace.copy();
  cpSync(copy.path(stage, 'train'), copy.path('elsewhere'), { recursive: true });
  const changed = copy.copy();
  changed.edit(model, 'select(order, shopDeliveries)', 'select(order)');
  await changed.run(['features', 'late-order']);
  const said = await verdict(changed, '--candidate', 'elsewhere');
  expect(said).toMatchObject({
    candidate: { digest: champion.digest },
    primary: { gain: { estimate: 0 } },
    gates: { 'serving-skew': 'pass', 'paper-trail': 'fail' },
  });
});

test('another version of the registry can stand in for the champion, and a branch is judged by the champion of its base', async () => {
  const copy = workspace.copy();
  for (const args of [
    ['init', '-q'],
    ['add', 'models'],
    ['commit', '-q', '-m', 'main'],
  ])
    execFileSync('git', ['-c', 'user.name=dev', '-c', 'user.email=dev@localhost', ...args], { cwd: copy.root });
  copy.edit(model, 'rounds: 4', 'rounds: 3');
  await copy.run(['train', 'late-order']);
  await copy.run(['register', 'late-order']);
  const said = await verdict(copy, '--champion', '2');
  expect(said).toMatchObject({ champion: { version: 2 }, primary: { gain: { estimate: 0 } } });
  expect(said.champion.digest).toBe(said.candidate.digest);
  cpSync(copy.path(stage, 'train/bundle'), copy.path('models/late-order/release/2'), { recursive: true });
  copy.write('models/late-order/champion.json', JSON.stringify({ version: 2, digest: said.candidate.digest }));
  const onBranch = await verdict(copy, '--base', 'HEAD');
  expect(onBranch).toMatchObject({ candidate: said.candidate, champion: { digest: champion.digest, version: 1 } });
  expect(await gate(copy, '--base', 'HEAD', '--champion', '1')).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('gate: received --base and --candidate or --champion'),
  });
});

test('a second training is asked for by --rebuild', async () => {
  const said = await verdict(workspace.copy(), '--rebuild');
  expect(said.gates).toMatchObject({ 'reproducible-build': 'pass' });
});

const spoil: Record<string, [args: string[], change: (copy: TemporaryWorkspace) => void, said: string]> = {
  'a candidate that is not there': [['--candidate', 'elsewhere'], () => {}, 'candidate: received "'],
  'a candidate without a bundle': [['--candidate', 'features'], () => {}, 'features/manifest.json: received nothing'],
  'a damaged candidate': [
    ['--candidate', `${stage}/train`],
    (copy) => copy.write(`${stage}/train/bundle/model.onnx`, 'cut off'),
    'model.onnx: received sha256:',
  ],
  'a candidate of another model': [
    ['--candidate', `${stage}/train`],
    (copy) => copy.edit(`${stage}/train/bundle/manifest.json`, '"model":"late-order"', '"model":"other"'),
    'candidate: received a bundle of "other"',
  ],
  'a version that nobody has': [['--champion', '7'], () => {}, 'version of late-order: received 7; allowed: 1;'],
  'a version that is no number': [['--champion', 'newest'], () => {}, '--champion: received "newest"'],
  'a champion.json that was cut off': [
    [],
    (copy) => copy.write('models/late-order/champion.json', '{"version":'),
    'champion.json: received ',
  ],
  'a champion that is gone': [
    [],
    (copy) => renameSync(copy.path('models/late-order/release/1'), copy.path('models/late-order/release/2')),
    'release/1: received no readable folder',
  ],
  'a damaged champion': [
    [],
    (copy) => copy.write('models/late-order/release/1/golden.json', '{}'),
    'golden.json: received sha256:',
  ],
};
test.each(Object.entries(spoil))('%s is refused, and nothing is written', async (_, [args, change, said]) => {
  const copy = workspace.copy();
  change(copy);
  const { exitCode, stdout, stderr } = await gate(copy, ...args);
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  expect(stderr).toContain(said);
  expect(existsSync(copy.path(stage, 'gate'))).toBe(false);
});
