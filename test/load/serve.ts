import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Golden } from '@repo/contract/manifest';
import { createExampleWorkspace } from '@repo/inference/fixtures/example-service';
import autocannon from 'autocannon';

const connections = 32;
const seconds = 5;
const workspaceDir = fileURLToPath(new URL('../../', import.meta.url));

/** What is measured: a folder of models, one of them, a request to predict and the rows to infer from. */
interface Subject {
  modelsDir: string;
  model: string;
  prediction: object;
}

const champion: Subject = {
  modelsDir: join(workspaceDir, 'models'),
  model: 'flight-delay',
  prediction: {
    carrier: 'UA',
    origin: 'EWR',
    dest: 'IAH',
    scheduled_at: '2013-12-24T18:00:00Z',
    tailnum: 'N14228',
  },
};
const example = (modelsDir: string): Subject => ({
  modelsDir,
  model: 'example',
  prediction: { scheduled_at: '2013-12-24T18:00:00Z', carrier: 'UA', dest: 'IAH', seats: 100 },
});

/** What any JSON service costs on this machine: parse a body, write it again, nothing else. */
const echo = `
import { createServer } from 'node:http';
const server = createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk)).on('end', () => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(JSON.parse(Buffer.concat(chunks))));
  });
}).listen(0, '127.0.0.1', () => console.log(JSON.stringify({ msg: 'listening', port: server.address().port })));
process.on('SIGTERM', () => { server.close(); server.closeAllConnections(); });
`;

interface Process {
  url: string;
  stop(): Promise<void>;
}

/** Starts Node with these arguments; resolves when it has logged `msg`, with the port that it listens on. */
function start(args: string[], msg: string, environment: Record<string, string> = {}): Promise<Process> {
  const child = spawn(process.execPath, args, {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
  };
  return new Promise((resolve, reject) => {
    let [text, port] = ['', 0];
    child.stdout.on('data', (chunk) => {
      const lines = (text + chunk).split('\n');
      text = lines.pop() ?? '';
      for (const line of lines.map((l) => JSON.parse(l))) {
        port = line.port ?? port;
        if (line.msg === msg) resolve({ url: `http://127.0.0.1:${port}`, stop });
        if (line.msg === 'not ready') reject(new Error(`the service is not ready: ${line.reasons}`));
      }
    });
    void ended.then(() => reject(new Error(`the process ended before it logged "${msg}"`)));
  });
}

async function measure(what: string, url: string, body: object): Promise<number> {
  const options = { url, method: 'POST' as const, body: JSON.stringify(body), connections };
  await autocannon({ ...options, duration: 1 });
  const { requests, latency, errors, non2xx } = await autocannon({ ...options, duration: seconds });
  if (errors + non2xx > 0) throw new Error(`${what}: ${errors} errors and ${non2xx} answers other than 2xx`);
  const figures = [`${Math.round(requests.average)}/s`, `p50 ${latency.p50} ms`, `p99 ${latency.p99} ms`];
  console.log(`${what.padEnd(28)} ${figures.map((figure) => figure.padStart(10)).join('  ')}`);
  return requests.average;
}

async function measureService({ modelsDir, model, prediction }: Subject, state: string): Promise<[number, number]> {
  const golden: Golden = JSON.parse(await readFile(join(modelsDir, model, 'release', '1', 'golden.json'), 'utf8'));
  const row = golden.features[0] as Golden['features'][number];
  const online = join(workspaceDir, '.causeway', 'state', 'online.sqlite');
  const service = await start([join(workspaceDir, 'apps', 'inference', 'src', 'main.ts')], 'ready', {
    PORT: '0',
    ADMIN_PORT: '0',
    MODELS_DIR: modelsDir,
    CAUSEWAY_STATE: `file:${state}`,
    ...(existsSync(online) ? { ONLINE_STORE: `sqlite:${online}` } : {}),
  });
  try {
    const url = `${service.url}/v2/models/${model}`;
    const input = { name: 'features', datatype: 'FP32', shape: [1, row.length], data: row };
    const infer = await measure(`${model} infer, 1 row`, `${url}/infer`, { inputs: [input] });
    return [infer, await measure(`${model} predict`, `${url}/predict`, prediction)];
  } finally {
    await service.stop();
  }
}

/**
 * `npm run bench -- serve`: requests per second and latency of infer and predict on the committed champion (a tiny model when there is
 * none), service and load on the same cores, beside a bare JSON echo as the floor of what HTTP costs here.
 */
export async function run(): Promise<void> {
  const state = await mkdtemp(join(tmpdir(), 'causeway-serve-'));
  const workspace = await createExampleWorkspace();
  try {
    const committed = existsSync(join(champion.modelsDir, champion.model, 'champion.json'));
    console.log(`${connections} connections, ${seconds} s each, loopback`);
    const [infer, predict] = await measureService(committed ? champion : example(workspace.modelsDir), state);
    const floor = await start(['--input-type=module', '--eval', echo], 'listening');
    const echoed = await measure('bare JSON echo', floor.url, champion.prediction);
    await floor.stop();
    const share = (rate: number) => `${Math.round((100 * rate) / echoed)} %`;
    console.log(`infer is ${share(infer)} and predict ${share(predict)} of the echo`);
  } finally {
    await workspace.remove();
    await rm(state, { recursive: true, force: true });
  }
}
