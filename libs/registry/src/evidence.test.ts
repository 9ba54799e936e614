import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { GateReport } from '@repo/contract/gate-report';
import { InputError } from '@repo/contract/input-error';
import { beforeAll, expect, test } from 'vitest';
import type { EvidenceName } from './evidence-name.ts';
import { createHeldS3 } from './fixtures/held-s3.ts';
import { createSampleBundle } from './fixtures/sample-bundle.ts';
import { createFolder } from './fixtures/temporary-folder.ts';
import { createRegistry, type Registry } from './registry.ts';

const model = 'flight-delay';
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

beforeAll(async () => {
  Object.assign(process.env, {
    AWS_ACCESS_KEY_ID: 'key',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_REGION: 'us-east-1',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_ENDPOINT_URL: await createHeldS3(),
  });
});

let states = 0;
const newState = { folder: () => `file:${createFolder()}`, S3: () => `s3://bucket/tests/${++states}` };
const stores = Object.keys(newState) as (keyof typeof newState)[];

/** A registry with one version. */
async function createVersion(stateUrl: string): Promise<{ registry: Registry; digest: string }> {
  const registry = createRegistry(stateUrl, createFolder());
  const { digest } = await registry.register(model, (await createSampleBundle(model, 1)).dir);
  return { registry, digest };
}

const reportOf = (digest: string, summary = 'good', about = model): Uint8Array => {
  const report: GateReport = {
    schemaVersion: 1,
    model: about,
    question: 'Will it be late?',
    candidate: { digest, version: null },
    champion: null,
    evaluation: { digest, rows: 1, days: 1, from: '', to: '' },
    primary: { metric: 'logLoss', candidate: 1, champion: null, gain: null },
    gates: [{ gate: 'champion', outcome: 'pass', summary, checks: [] }],
    waivers: [],
    pictures: { roc: null, calibration: null, latencyMs: null },
  };
  return bytes(JSON.stringify(report));
};

test.each(stores)(
  'evidence in a %s is read as it was attached, the newest first, and by another machine too',
  async (store) => {
    const stateUrl = newState[store]();
    const { registry, digest } = await createVersion(stateUrl);
    expect(await registry.evidence(model, 1, 'report.json')).toBeNull();
    const [first, second] = [reportOf(digest), reportOf(digest, 'good, again')];
    expect(await registry.attachEvidence(model, 1, 'report.json', first)).toEqual({ revision: 1, created: true });
    expect(await registry.attachEvidence(model, 1, 'report.json', first)).toEqual({ revision: 1, created: false });
    expect(await registry.attachEvidence(model, 1, 'report.json', second)).toEqual({ revision: 2, created: true });
    const held = await createRegistry(stateUrl, createFolder()).evidence(model, 1, 'report.json');
    expect(held?.revision).toBe(2);
    expect(Buffer.from(held?.content ?? [])).toEqual(Buffer.from(second));
    expect(await registry.evidence(model, 1, 'card.md')).toBeNull();
  },
);

test.each(stores)(
  '8 that attach at once to a %s each leave a revision, or find the one that is theirs',
  async (store) => {
    const { registry, digest } = await createVersion(newState[store]());
    const cards = Array.from({ length: 8 }, (_, i) => bytes(`card ${i % 4} of ${digest}`));
    const attached = await Promise.all(cards.map((card) => registry.attachEvidence(model, 1, 'card.md', card)));
    const written = attached.filter(({ created }) => created).map(({ revision }) => revision);
    expect(written.sort((a, b) => a - b)).toEqual(Array.from({ length: written.length }, (_, i) => i + 1));
    expect(written.length).toBeGreaterThanOrEqual(4);
    expect((await registry.evidence(model, 1, 'card.md'))?.revision).toBe(written.length);
  },
);

test.each<[string, EvidenceName, (digest: string) => Uint8Array, RegExp]>([
  [
    'a report about another bundle',
    'report.json',
    () => reportOf(`sha256:${'0'.repeat(64)}`),
    /^report.json: received a report about sha256:000/,
  ],
  [
    'a report about another model',
    'report.json',
    (digest) => reportOf(digest, 'good', 'temperature'),
    /^report.json: .* of temperature; allowed: one about sha256:.* of flight-delay/,
  ],
  ['a report that was cut', 'report.json', (digest) => reportOf(digest).slice(0, 50), /^report.json: .*whole JSON/],
  ['a report of another form', 'report.json', () => bytes('{"verdict":"pass"}'), /^report.json.schemaVersion: /],
  ['a card about another bundle', 'card.md', () => bytes('card of sha256:0000'), /^card.md: .*without this digest/],
  [
    'a bill of materials that names no bundle',
    'bom.cdx.json',
    () => bytes('{}'),
    /^bom.cdx.json: .*without this digest/,
  ],
  ['a name that is none', '../card.md' as EvidenceName, () => bytes(''), /^evidence: .*allowed: report.json, card.md/],
])('%s is refused and leaves nothing', async (_, name, content, message) => {
  const state = createFolder();
  const { registry, digest } = await createVersion(`file:${state}`);
  const before = await readdir(state, { recursive: true });
  const attach = registry.attachEvidence(model, 1, name, content(digest));
  await expect(attach).rejects.toThrow(InputError);
  await expect(attach).rejects.toThrow(message);
  expect(await readdir(state, { recursive: true })).toEqual(before);
});

test('evidence belongs to a version that exists', async () => {
  const { registry, digest } = await createVersion(newState.folder());
  await expect(registry.attachEvidence(model, 2, 'card.md', bytes(digest))).rejects.toThrow(
    /received 2 of flight-delay/,
  );
  await expect(registry.evidence(model, 2, 'card.md')).rejects.toThrow(/received 2 of flight-delay/);
  await expect(registry.evidence('../x', 1, 'card.md')).rejects.toThrow(InputError);
});

test('a signature and a bill of materials are kept byte for byte', async () => {
  const { registry, digest } = await createVersion(newState.folder());
  const signature = Uint8Array.from({ length: 256 }, (_, i) => i);
  await registry.attachEvidence(model, 1, 'model.sig', signature);
  expect(new Uint8Array((await registry.evidence(model, 1, 'model.sig'))?.content ?? [])).toEqual(signature);
  const bom = bytes(JSON.stringify({ hashes: [{ alg: 'SHA-256', content: digest.slice('sha256:'.length) }] }));
  expect(await registry.attachEvidence(model, 1, 'bom.cdx.json', bom)).toMatchObject({ created: true });
});

test('damaged evidence is caught: the blob, the record, the record of another version', async () => {
  const state = createFolder();
  const { registry, digest } = await createVersion(`file:${state}`);
  await registry.register(model, (await createSampleBundle(model, 2)).dir);
  const { digest: other } = (await registry.getVersion(model, 2)) as { digest: string };
  await registry.attachEvidence(model, 1, 'card.md', bytes(`card of ${digest}`));
  await registry.attachEvidence(model, 2, 'card.md', bytes(`card of ${other}`));
  const record = (version: number) =>
    join(state, 'registry', 'models', model, 'evidence', String(version), 'card.md', '1.json');
  await writeFile(record(2), await readFile(record(1)));
  await expect(registry.evidence(model, 2, 'card.md')).rejects.toThrow(
    /received evidence about sha256:.*registry is damaged/,
  );
  const { sha256 } = JSON.parse(await readFile(record(1), 'utf8')) as { sha256: string };
  await writeFile(join(state, 'registry', 'blobs', sha256), 'x');
  await expect(registry.evidence(model, 1, 'card.md')).rejects.toThrow(/registry is damaged/);
  await writeFile(record(1), '{"sch');
  await expect(registry.evidence(model, 1, 'card.md')).rejects.toThrow(/whole JSON/);
});
