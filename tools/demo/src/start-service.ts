import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { demoEnvironment } from './demo-environment.ts';
import { checkoutDir } from './demo-workspace.ts';

/** The token of the admin ports; whoever is on this machine may know it while the demo runs. */
export const adminToken = 'demo';

/** Where a service finds everything, and what it is called in the log. */
export interface ServiceOptions {
  readonly modelsDir: string;
  readonly stateDir: string;
  /** `sqlite:<path>`; the same for all that share the features. */
  readonly onlineStore: string;
  readonly logDir: string;
  /** `stable` or `canary`. */
  readonly variant: string;
  readonly podHash: string;
}

/** A running service. */
export interface DemoService {
  readonly port: number;
  readonly adminPort: number;
  /** Asks it to leave and answers its exit code. */
  stop(): Promise<number | null>;
}

interface LogLine {
  readonly msg?: string;
  readonly port?: number;
  readonly admin_port?: number;
}

/** Starts the service of the checkout as a process of its own on free ports and resolves when it is ready. Throws Error where it will never be. */
export async function startDemoService(options: ServiceOptions): Promise<DemoService> {
  const env = demoEnvironment({
    PORT: '0',
    ADMIN_PORT: '0',
    MODELS_DIR: options.modelsDir,
    CAUSEWAY_STATE: `file:${options.stateDir}`,
    ONLINE_STORE: options.onlineStore,
    PREDICTION_LOG_DIR: options.logDir,
    VARIANT: options.variant,
    POD_HASH: options.podHash,
    ADMIN_TOKEN_SHA256: createHash('sha256').update(adminToken).digest('hex'),
    // A promotion is seen within a second, and training beside it must not slow the answers down.
    REGISTRY_POLL_MS: '1000',
    WORKERS: '1',
  });
  const child = spawn(process.execPath, [join(checkoutDir, 'apps/inference/src/main.ts')], {
    cwd: checkoutDir,
    env,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const left = new Promise<number | null>((resolve) => child.once('exit', resolve));
  let [port, adminPort, isReady, last] = [0, 0, false, 'it never spoke'];
  for await (const line of createInterface({ input: child.stdout })) {
    last = line;
    const event = JSON.parse(line) as LogLine;
    if (event.msg === 'listening') [port, adminPort] = [event.port ?? 0, event.admin_port ?? 0];
    isReady = event.msg === 'ready';
    if (isReady || event.msg === 'not ready') break;
  }
  if (!isReady) {
    child.kill('SIGKILL');
    throw new Error(`the service is not ready: ${last}`);
  }
  child.stdout.resume();
  // A demo that ends in any way leaves no service behind.
  const end = () => child.kill('SIGKILL');
  process.once('exit', end);
  return {
    port,
    adminPort,
    stop: async () => {
      child.kill('SIGTERM');
      const code = await left;
      process.off('exit', end);
      return code;
    },
  };
}
