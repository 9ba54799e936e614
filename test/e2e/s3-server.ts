import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.ts';

/** A server of S3 over a folder: versitygw, which decides conditional writes under a lock. Its credentials are in `environment`. */
export interface S3Server {
  /** Variables of the AWS SDK that lead to it. */
  readonly environment: Readonly<Record<string, string>>;
  /** Folder whose folders are buckets. */
  readonly folder: string;
  readonly port: number;
  /** Starts it again over the same folder after it was killed. */
  start(): Promise<void>;
  kill(): Promise<void>;
  /** Ends it and removes its folders. */
  remove(): Promise<void>;
}

const module = 'github.com/versity/versitygw/cmd/versitygw@v1.8.0';

/** The program: the one on PATH, else built into `folder`, which takes minutes for the first time. */
function findProgram(folder: string): string {
  if (spawnSync('versitygw', ['--version']).status === 0) return 'versitygw';
  execFileSync('go', ['install', module], {
    env: { ...process.env, GOBIN: folder },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return join(folder, 'versitygw');
}

/** Starts the server on a free port with an empty bucket `bucket`. */
export async function createS3Server(): Promise<S3Server> {
  const root = mkdtempSync(join(tmpdir(), 's3-'));
  const folder = join(root, 'data');
  mkdirSync(join(folder, 'bucket'), { recursive: true });
  const program = findProgram(root);
  const port = await freePort();
  const environment = {
    AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
    AWS_ACCESS_KEY_ID: 'access',
    AWS_SECRET_ACCESS_KEY: 'a-secret-key',
    AWS_REGION: 'us-east-1',
    AWS_EC2_METADATA_DISABLED: 'true',
  };
  let child: ChildProcess | undefined;
  const start = async () => {
    const keys = { ROOT_ACCESS_KEY: environment.AWS_ACCESS_KEY_ID, ROOT_SECRET_KEY: environment.AWS_SECRET_ACCESS_KEY };
    const args = ['--port', `127.0.0.1:${port}`, '--quiet', 'posix', folder];
    child = spawn(program, args, {
      env: { ...process.env, ...keys },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    for (;;) {
      if (child.exitCode !== null) throw new Error(`versitygw ended with ${child.exitCode}`);
      const answered = await fetch(environment.AWS_ENDPOINT_URL).catch(() => null);
      if (answered !== null) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  const kill = async () => {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  };
  await start();
  return {
    environment,
    folder,
    port,
    start,
    kill,
    async remove() {
      await kill();
      rmSync(root, { recursive: true });
    },
  };
}
