import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/** A server under load. */
export interface Server {
  readonly url: string;
  readonly port: number;
  /** Memory that it holds. Linux only. */
  rssMiB(): number;
  /** Sends SIGTERM and waits for the end. Returns the exit code; null when a signal ended it. */
  stop(): Promise<number | null>;
}

export interface Service extends Server {
  readonly adminUrl: string;
  /** Where the model that was loaded last runs: worker or inline. */
  readonly executor: string;
}

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

function serverOf(child: ChildProcess, port: number): Server {
  const ended = once(child, 'close');
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  child.once('close', () => process.off('exit', kill));
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    rssMiB: () => {
      const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
      return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024;
    },
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
      return child.exitCode;
    },
  };
}

/** Starts Node; resolves with the members of its JSON lines once one has this `msg`. Throws when it says "not ready" or ends. */
async function startNode(args: string[], msg: string, environment: Record<string, string> = {}) {
  const env = { ...process.env, ORT_DISABLE_TELEMETRY: '1', ...environment };
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout });
  const said: Record<string, unknown> = {};
  await new Promise<void>((resolve, reject) => {
    lines.on('line', (text) => {
      const line = JSON.parse(text);
      if ([msg, 'listening', 'model ready'].includes(line.msg)) Object.assign(said, line);
      if (line.msg === msg) resolve();
      if (line.msg === 'not ready') reject(new Error(`not ready: ${JSON.stringify(line.reasons)}`));
    });
    child.once('close', (code) => reject(new Error(`${args.join(' ')} ended with ${code} before it was "${msg}"`)));
  }).catch((error) => {
    child.kill('SIGKILL');
    throw error;
  });
  return { said, server: serverOf(child, Number(said.port)) };
}

/** Starts the floor on a model. */
export async function startFloor(model: string): Promise<Server> {
  return (await startNode([here('../floor.ts'), model], 'listening')).server;
}

/**
 * Starts the service on free ports with everything on: metrics, limits, prediction log. It serves no models but those that the environment names. All that
 * it writes goes below `scratch`.
 */
export async function startService(scratch: string, environment: Record<string, string>): Promise<Service> {
  const models = join(scratch, 'no-models');
  mkdirSync(models, { recursive: true });
  // As `npm start` does: left alone, the young part of the heap doubles at some moment under load.
  const program = ['--max-semi-space-size=16', here('../../../apps/inference/src/main.ts')];
  const { said, server } = await startNode(program, 'ready', {
    PORT: '0',
    ADMIN_PORT: '0',
    MODELS_DIR: models,
    CAUSEWAY_STATE: `file:${join(scratch, 'state')}`,
    PREDICTION_LOG: 'on',
    PREDICTION_LOG_DIR: join(scratch, 'predictions'),
    ...environment,
  });
  return { ...server, adminUrl: `http://127.0.0.1:${said.admin_port}`, executor: String(said.executor) };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/**
 * Starts FastAPI with 2 uvicorn workers on a model; `python` has fastapi, uvicorn, uvloop, httptools and onnxruntime. With uvloop and httptools, as
 * `uvicorn[standard]` has them: without, small answers wait 40 ms for an acknowledgement, and there is nothing to compare with.
 */
export async function startFastApi(python: string, model: string): Promise<Server> {
  const port = await freePort();
  const app = ['uvicorn_app:app', '--app-dir', here('.')];
  const args = [
    '-m',
    'uvicorn',
    ...app,
    '--loop',
    'uvloop',
    '--http',
    'httptools',
    '--port',
    String(port),
    '--workers',
    '2',
    '--log-level',
    'warning',
  ];
  const env = { ...process.env, MODEL: model, PYTHONDONTWRITEBYTECODE: '1' };
  const child = spawn(python, args, { env, stdio: ['ignore', 'ignore', 'inherit'] });
  const server = serverOf(child, port);
  const answers = () =>
    fetch(`${server.url}/v2/health/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
  while (!(await answers())) {
    if (child.exitCode !== null) throw new Error(`uvicorn ended with ${child.exitCode} before it answered`);
    await wait(100);
  }
  return server;
}
