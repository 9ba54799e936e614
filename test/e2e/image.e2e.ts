// budget: 420 s
// needs: buildah, runc, tar
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createRegistry } from '@repo/registry/registry';
import { writeBundleManifest } from '@repo/registry/write-bundle-manifest';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { freePort } from './free-port.ts';
import { type ImageContainer, type ImageContainerOptions, unpackImage } from './image-container.ts';
import { createS3Server } from './s3-server.ts';

const root = resolve(import.meta.dirname, '../..');
const scratch = mkdtempSync(join(tmpdir(), 'image-e2e-'));

interface Built {
  readonly archive: string;
  readonly digest: string;
  readonly compressedBytes: number;
  readonly unpackedBytes: number;
}

/** Builds with another umask and time zone each time, as two machines would. Throws where the build refuses its own work. */
function build(name: string, umask: string, zone: string): Built {
  const script = `umask ${umask} && exec "$0" tools/image/src/main.ts --out "$1"`;
  const args = ['-c', script, process.execPath, join(scratch, `${name}.tar`)];
  const env = { ...process.env, TZ: zone };
  const json = execFileSync('sh', args, { cwd: root, encoding: 'utf8', env, stdio: ['ignore', 'pipe', 'inherit'] });
  return JSON.parse(json);
}

const key = 'a-key-of-this-test';
const keys = {
  schemaVersion: 1,
  keys: [{ id: 'e2e', sha256: createHash('sha256').update(key).digest('hex'), models: ['*'] }],
};
const withKeys: ImageContainerOptions = {
  environment: { API_KEYS_FILE: '/etc/causeway/keys/keys.json' },
  files: { '/etc/causeway/keys/keys.json': JSON.stringify(keys) },
};

/** Root alone can make these containers. */
const mayRun = process.getuid?.() === 0;
if (!mayRun) console.warn('image: nothing is run, since that takes root; the builds alone are compared');
const hasS3 = ['versitygw', 'go'].some((program) => spawnSync('which', [program]).status === 0);
if (!hasS3) console.warn('image: the registry in S3 is left out; neither versitygw nor go is on PATH');

const first = build('first', '022', 'UTC');
const image = unpackImage(first.archive);
afterAll(() => {
  image.remove();
  rmSync(scratch, { recursive: true });
});

function start(options: ImageContainerOptions): ImageContainer {
  const container = image.start(options);
  onTestFinished(() => container.remove());
  return container;
}

/** Asks the service from within: nothing else is on its network. */
async function ask({ evaluate }: ImageContainer, path: string, body?: object, port = 8080) {
  const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  const { code, out } = await evaluate(`
    const answer = await fetch('http://127.0.0.1:${port}${path}', ${JSON.stringify({ ...init, headers })});
    console.log(JSON.stringify({ status: answer.status, body: await answer.json() }));
  `);
  if (code !== 0) return { status: 0, body: out };
  return JSON.parse(out) as { status: number; body: Record<string, unknown> };
}

async function ready(container: ImageContainer, port?: number): Promise<void> {
  while ((await ask(container, '/v2/health/ready', undefined, port)).status !== 200) {
    if (container.log().includes('"msg":"not ready"')) throw new Error(container.log());
  }
}

const flight = { carrier: 'UA', origin: 'EWR', dest: 'IAH', scheduled_at: '2013-12-24T18:00:00Z', tailnum: 'N14228' };

test('two builds are the same image, within the limits', () => {
  const second = build('second', '077', 'Asia/Kathmandu');
  const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;
  console.log(`image: ${megabytes(first.unpackedBytes)} unpacked, ${megabytes(first.compressedBytes)} compressed`);
  console.log(`first build: ${first.digest}\nsecond build: ${second.digest}`);
  expect(second.digest).toBe(first.digest);
});

test.skipIf(!mayRun)(
  'it serves a prediction as another user than root, from files that nobody can write, without a network',
  async () => {
    const container = start(withKeys);
    await ready(container);
    expect(await ask(container, '/v2/health/live')).toMatchObject({ status: 200 });
    expect(await ask(container, '/v2')).toMatchObject({ status: 200, body: { name: 'causeway' } });
    expect(await ask(container, '/v2/models/flight-delay')).toMatchObject({ status: 200, body: { versions: ['1'] } });
    const answer = await ask(container, '/v2/models/flight-delay/predict', flight);
    expect(answer).toMatchObject({ status: 200, body: { model_name: 'flight-delay', fallback_level: 'champion' } });
    expect((answer.body as { probability: number }).probability).toBeGreaterThan(0);

    const { out } = await container.evaluate(`
    import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
    const refused = ['/app/x', '/x', '/etc/passwd', '/app/models/flight-delay/champion.json'].map((path) => {
      try { writeFileSync(path, ''); return 'written'; } catch (error) { return error.code; }
    });
    const status = readFileSync('/proc/1/status', 'utf8');
    const others = readdirSync('/proc').filter((name) => /^\\d+$/.test(name) && name !== '1' && name !== String(process.pid));
    console.log(JSON.stringify({ uid: process.getuid(), refused, capabilities: /CapEff:\\s+(\\S+)/.exec(status)[1], others }));
  `);
    expect(JSON.parse(out)).toEqual({
      uid: 65532,
      refused: ['EROFS', 'EROFS', 'EROFS', 'EROFS'],
      capabilities: '0000000000000000',
      others: [],
    });
    container.signal('TERM');
    expect(await container.ended).toBe(0);
    expect(container.log()).toContain('"msg":"left"');
  },
);

test.skipIf(!mayRun)(
  'what a pod pins is served from the image; what the image lacks keeps the pod unready and says so',
  async () => {
    const pin = readFileSync(join(root, 'models/flight-delay/champion.json'), 'utf8');
    const pinned = (champion: string) =>
      start({
        environment: { ...withKeys.environment, MODELS_DIR: '/etc/causeway/models' },
        files: { ...withKeys.files, '/etc/causeway/models/flight-delay/champion.json': champion },
      });
    await ready(pinned(pin));
    const lacking = pinned(JSON.stringify({ version: 9, digest: `sha256:${'0'.repeat(64)}` }));
    await expect(ready(lacking)).rejects.toThrow(/version of flight-delay: received 9; allowed: none/);
    expect(await ask(lacking, '/v2/health/ready')).toMatchObject({ status: 503 });
    expect(await ask(lacking, '/v2/health/live')).toMatchObject({ status: 200 });
  },
);

test.skipIf(!mayRun)('without keys it refuses to be reached, and says what it wants', async () => {
  const container = start({});
  expect(await container.ended).toBe(2);
  expect(container.log()).toMatch(/HOST: received 0\.0\.0\.0.*API_KEYS_FILE/);
});

test.skipIf(!mayRun || !hasS3)(
  'a promotion reaches a pod through the registry in S3, which it only reads, without another image',
  async () => {
    const s3 = await createS3Server();
    onTestFinished(() => s3.remove());
    Object.assign(process.env, s3.environment);
    const state = 's3://bucket/registry';
    const registry = createRegistry(state, mkdtempSync(join(scratch, 'workspace-')));
    const release = join(root, 'models/flight-delay/release/1');
    const second = join(scratch, 'second');
    cpSync(release, second, { recursive: true });
    writeFileSync(
      join(second, 'metrics.json'),
      readFileSync(join(release, 'metrics.json'), 'utf8').replace(/^\{/, '{ '),
    );
    await writeBundleManifest(second, 'flight-delay');
    for (const dir of [release, second]) await registry.register('flight-delay', dir);
    const { digest = '' } = (await registry.getVersion('flight-delay', 2)) ?? {};

    const [PORT, ADMIN_PORT] = [await freePort(), await freePort()];
    const container = start({
      onHostNetwork: true,
      environment: {
        ...s3.environment,
        ...{ PORT: `${PORT}`, ADMIN_PORT: `${ADMIN_PORT}`, HOST: '127.0.0.1' },
        ...{ CAUSEWAY_STATE: state, MODELS_DIR: '/etc/causeway/models' },
      },
      files: { '/etc/causeway/models/flight-delay/champion.json': JSON.stringify({ version: 2, digest }) },
    });
    await ready(container, PORT);
    const answer = await ask(container, '/v2/models/flight-delay/predict', flight, PORT);
    expect(answer).toMatchObject({ status: 200, body: { model_version: '2', model_digest: digest } });
    expect(await registry.getAlias('flight-delay', 'champion'), 'a pod moves no alias').toBeNull();
  },
);
