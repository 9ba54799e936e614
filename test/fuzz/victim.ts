import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { createExampleWorkspace } from '@repo/inference/fixtures/example-service';

/** A service in a process of its own, so that a crash is seen and its memory is its own. */
export interface Victim {
  readonly port: number;
  /** Memory that the process holds, in MiB; Linux only, else 0. */
  residentMiB(): number;
  /** How the process ended, null while it lives. */
  exit(): string | null;
  stop(): Promise<void>;
}

const main = fileURLToPath(import.meta.resolve('@repo/inference/main'));

/** Limits that an attack reaches: bodies of 1 MiB, 150 ms for headers and for a body. */
const environment = {
  PORT: '0',
  ADMIN_PORT: '0',
  LOG_LEVEL: 'info',
  MAX_BODY_BYTES: '1048576',
  BODY_TIMEOUT_MS: '150',
};

/** Starts the service over the example models with small limits. */
export async function startVictim(): Promise<Victim> {
  const { dir, modelsDir, remove } = await createExampleWorkspace();
  const own = { ...environment, MODELS_DIR: modelsDir, CAUSEWAY_STATE: `file:${dir}/state` };
  const child = spawn(process.execPath, [main], {
    env: { ...process.env, ...own },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let ended: string | null = null;
  child.once('exit', (code, signal) => {
    ended = `exit ${code ?? signal}`;
  });
  const port = await new Promise<number>((resolve, reject) => {
    let found = 0;
    createInterface({ input: child.stdout }).on('line', (text) => {
      const line = JSON.parse(text);
      found = line.port ?? found;
      if (line.msg === 'ready') resolve(found);
    });
    child.once('exit', () => reject(new Error(`the service ended before it was ready: ${ended}`)));
  });
  return {
    port,
    residentMiB: () => {
      const status = process.platform === 'linux' ? readFileSync(`/proc/${child.pid}/status`, 'utf8') : '';
      return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) / 1024;
    },
    exit: () => ended,
    stop: async () => {
      if (ended === null) {
        const gone = new Promise((resolve) => child.once('exit', resolve));
        child.kill('SIGTERM');
        await gone;
      }
      await remove();
    },
  };
}
