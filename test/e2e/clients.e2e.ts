// budget: 240 s
// needs: python3:ensurepip
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Datatype, datatypeSchema } from '@repo/contract/protocol';
import { createExampleWorkspace, startExample } from '@repo/inference/fixtures/example-service';
import { echoModel } from '@repo/serving/fixtures/plain-models';
import { describe, expect, test } from 'vitest';
import { pythonVenv } from '../load/lightgbm/python-venv.ts';

/** A line that a script prints for each check. */
interface Check {
  name: string;
  ok: boolean;
  detail: string;
}

/** Clients as they come from PyPI, what drives each, and how many checks that makes. */
const clients = [
  { client: 'tritonclient.http 2.73', script: ['triton.py', 'http'], checks: 61 },
  { client: 'tritonclient.http.aio 2.73', script: ['triton.py', 'aio'], checks: 61 },
  { client: "KServe's InferenceRESTClient 0.21", script: ['kserve_rest.py'], checks: 38 },
  { client: 'plain HTTP', script: ['raw.py'], checks: 3 },
] as const;
const packages = ['tritonclient[http]==2.73.0', 'aiohttp==3.14.5', 'kserve==0.21.0'];

function writePlainModels(folder: string): void {
  const models: [name: string, types: readonly Datatype[], dims: readonly (number | string)[]][] = [
    ['every-type', datatypeSchema.options, ['N', 2]],
    ['vector', ['FP32'], ['N']],
    ['text', ['BYTES'], ['N']],
  ];
  for (const [name, types, dims] of models) {
    mkdirSync(join(folder, name, '1'), { recursive: true });
    writeFileSync(join(folder, name, '1', 'model.onnx'), echoModel(types, dims));
  }
}

/** Runs every script against a service of its own models; the results are there before the tests are named after them. */
async function runClients(): Promise<Check[][]> {
  const python = pythonVenv(packages);
  if (python === null) throw new Error(`this suite needs ${packages.join(', ')} from PyPI`);
  const repository = mkdtempSync(join(tmpdir(), 'clients-'));
  const workspace = await createExampleWorkspace();
  writePlainModels(repository);
  const service = await startExample(workspace.dir, { MODEL_REPOSITORY: repository });
  try {
    const results: Check[][] = [];
    for (const { script } of clients) {
      const [file, ...args] = script;
      const path = fileURLToPath(new URL(`./fixtures/clients/${file}`, import.meta.url));
      const address = `127.0.0.1:${service.port}`;
      const { stdout } = await promisify(execFile)(python, ['-B', path, address, ...args]);
      results.push(
        stdout
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line)),
      );
    }
    return results;
  } finally {
    await service.stop();
    await workspace.remove();
    rmSync(repository, { recursive: true });
  }
}

const results = await runClients();
const all = results.flat();
console.log(`${all.filter(({ ok }) => ok).length} of ${all.length} checks with real clients hold`);

describe.each(clients.map((one, i) => ({ ...one, results: results[i] as Check[] })))('$client', (one) => {
  test.each(one.results)('$name', ({ ok, detail }) => {
    expect(ok ? '' : detail).toBe('');
  });

  test('has run all of its checks', () => {
    expect(one.results.length).toBe(one.checks);
  });
});
