// budget: 300 s
// needs: buildah, runc, tar, versitygw|go
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { type ImageContainerOptions, unpackImage } from './image-container.ts';
import { createS3Server } from './s3-server.ts';

const root = resolve(import.meta.dirname, '../..');
const scratch = mkdtempSync(join(tmpdir(), 'pipeline-image-'));

/** Builds with another umask and time zone each time, as two machines would. Throws where the build refuses its own work. */
function build(name: string, umask: string, zone: string): { archive: string; digest: string; unpackedBytes: number } {
  const script = `umask ${umask} && exec "$0" tools/image/src/main.ts pipeline --out "$1"`;
  const args = ['-c', script, process.execPath, join(scratch, `${name}.tar`)];
  const env = { ...process.env, TZ: zone };
  return JSON.parse(
    execFileSync('sh', args, { cwd: root, encoding: 'utf8', env, stdio: ['ignore', 'pipe', 'inherit'] }),
  );
}

const first = build('first', '022', 'UTC');
const image = unpackImage(first.archive);
afterAll(() => {
  image.remove();
  rmSync(scratch, { recursive: true });
});

/** Runs `causeway` to its end as nobody, with nothing to write to but a volume. */
async function causeway(args: readonly string[], options: ImageContainerOptions = {}) {
  const container = image.start({ args, ...options });
  const code = await container.ended;
  const log = container.log();
  await container.remove();
  return { code, log };
}

let volumes = 0;
const newVolume = (): string => {
  volumes++;
  const dir = join(scratch, `volume-${volumes}`);
  mkdirSync(dir);
  return dir;
};

test('two builds are one digest', () => {
  expect(build('second', '077', 'Asia/Tokyo').digest).toBe(first.digest);
  console.log(`${(first.unpackedBytes / 1e6).toFixed(1)} MB unpacked, ${first.digest}`);
});

test('causeway in the image knows the models and sources of the commit', async () => {
  const models = await causeway(['models', '--json']);
  expect(models.code, models.log).toBe(0);
  const names = readdirSync(join(root, 'models'), { withFileTypes: true }).filter((entry) => entry.isDirectory());
  expect(JSON.parse(models.log).map(({ model }: { model: string }) => model)).toEqual(names.map(({ name }) => name));
});

test('it reads the data that lies in the image and writes to the volume, where the next container finds it', async () => {
  const volumeDir = newVolume();
  const ingested = await causeway(['ingest', 'weather', '--json'], { volumeDir });
  expect(ingested.code, ingested.log).toBe(0);
  expect(readdirSync(join(volumeDir, 'stages/weather/ingest')).sort()).toEqual(['data.parquet', 'manifest.json']);
  expect(
    readdirSync(volumeDir).filter((name) => name.startsWith('causeway-duckdb')),
    'nothing is left',
  ).toEqual([]);
});

test('wrong use and a stage without its input exit as they do elsewhere, with the reason', async () => {
  const wrong = await causeway(['ingest', 'nothing']);
  expect(wrong).toMatchObject({ code: 2, log: expect.stringContaining('source: received "nothing"; allowed: ') });
  const early = await causeway(['register', 'flight-delay']);
  expect(early).toMatchObject({ code: 2, log: expect.stringContaining('run causeway train flight-delay') });
});

test('what a job registers is in the bucket, below the folders that its role may add to, and nothing else is', async () => {
  const server = await createS3Server();
  try {
    const volumeDir = newVolume();
    const bundle = join(volumeDir, 'stages/flight-delay/train/bundle');
    // As the stage would have written it: an unchanged commit trains the bytes of its champion.
    cpSync(join(root, 'models/flight-delay/release/1'), bundle, { recursive: true });
    execFileSync('chown', ['-R', '65532:65532', volumeDir]);
    const environment = { ...server.environment, CAUSEWAY_STATE: 's3://bucket/state' };
    const options = { volumeDir, environment, onHostNetwork: true };
    const registered = await causeway(['register', 'flight-delay', '--json'], options);
    expect(registered.code, registered.log).toBe(0);
    expect(JSON.parse(registered.log.slice(registered.log.indexOf('{')))).toMatchObject({
      version: 1,
      alias: 'champion',
    });
    // The server itself keeps a folder in each bucket for what is being written.
    const below = (...path: string[]) =>
      readdirSync(join(server.folder, 'bucket', ...path))
        .filter((name) => name !== '.sgwtmp')
        .sort();
    expect(below()).toEqual(['state']);
    expect(below('state')).toEqual(['registry']);
    expect(below('state/registry')).toEqual(['blobs', 'models']);
    expect(below('state/registry/models')).toEqual(['flight-delay']);
    expect(await causeway(['register', 'flight-delay'], options), 'again').toMatchObject({ code: 0 });
  } finally {
    await server.remove();
  }
});
