// budget: 420 s
// needs: buildah, runc, tar
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { type ImageContainer, type ImageContainerOptions, unpackImage } from './image-container.ts';

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

const key = 'a key of this test';
const keys = {
  schemaVersion: 1,
  keys: [{ id: 'e2e', sha256: createHash('sha256').update(key).digest('hex'), models: ['*'] }],
};
const withKeys: ImageContainerOptions = {
  environment: { API_KEYS_FILE: '/etc/causeway/keys/keys.json' },
  files: { '/etc/causeway/keys/keys.json': JSON.stringify(keys) },
};

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
async function ask({ evaluate }: ImageContainer, path: string, body?: object) {
  const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  const { code, out } = await evaluate(`
    const answer = await fetch('http://127.0.0.1:8080${path}', ${JSON.stringify({ ...init, headers })});
    console.log(JSON.stringify({ status: answer.status, body: await answer.json() }));
  `);
  if (code !== 0) return { status: 0, body: out };
  return JSON.parse(out) as { status: number; body: Record<string, unknown> };
}

async function ready(container: ImageContainer): Promise<void> {
  while ((await ask(container, '/v2/health/ready')).status !== 200) {
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

test('it serves a prediction as another user than root, from files that nobody can write, without a network', async () => {
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
});

test('what a pod pins is served from the image; what the image lacks keeps the pod unready and says so', async () => {
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
});

test('without keys it refuses to be reached, and says what it wants', async () => {
  const container = start({});
  expect(await container.ended).toBe(2);
  expect(container.log()).toMatch(/HOST: received 0\.0\.0\.0.*API_KEYS_FILE/);
});
