import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** A running service: answers requests until it is stopped. */
export interface Served {
  readonly port: number;
  /** Port of /metrics and of what changes the service. */
  readonly adminPort: number;
  /** Posts JSON to a path and answers status and body. */
  post(path: string, body: unknown): Promise<{ status: number; body: Record<string, unknown> }>;
  get(path: string): Promise<{ status: number; body: Record<string, unknown> }>;
  /** Asks it to leave and answers its exit code. */
  stop(): Promise<number | null>;
}

/**
 * Starts the service of a workspace on free ports, with what lies in its state folder unless `environment` names another state, and
 * waits until it says that it is ready.
 */
export async function serveWorkspace(root: string, environment: Record<string, string> = {}): Promise<Served> {
  const state = `file:${root}/.causeway/state`;
  const env = { ...process.env, PORT: '0', ADMIN_PORT: '0', CAUSEWAY_STATE: state, ...environment };
  const child = spawn(process.execPath, ['apps/inference/src/main.ts'], {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const left = new Promise<number | null>((resolve) => child.once('exit', resolve));
  let [port, adminPort] = [0, 0];
  for await (const line of createInterface({ input: child.stdout })) {
    const event = JSON.parse(line) as { msg: string; port: number; admin_port: number };
    if (event.msg === 'listening') [port, adminPort] = [event.port, event.admin_port];
    if (event.msg === 'not ready') throw new Error(line);
    if (event.msg === 'ready') break;
  }
  child.stdout.resume();
  const ask = async (path: string, init?: RequestInit) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, init);
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  return {
    port,
    adminPort,
    get: (path) => ask(path),
    post: (path, body) =>
      ask(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    stop: () => {
      child.kill('SIGTERM');
      return left;
    },
  };
}
