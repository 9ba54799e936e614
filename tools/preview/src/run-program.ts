import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StackConfig } from './stack-config.ts';

export interface RunOptions {
  /** Folder of the workspace, whose packages the program runs with. */
  readonly root: string;
  /** Folder of the program. */
  readonly folder: string;
  readonly main: string;
  readonly project: string;
  readonly stack: string;
  readonly organization: string;
  readonly config: StackConfig;
  /** Where the engine listens. */
  readonly address: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** A program that has not ended by then hangs. */
const mostMs = 120_000;
/** What a program may see of this process's environment: no credentials of a cloud, no cluster. */
const passed = ['PATH', 'HOME', 'TMPDIR', 'LANG'];
/** The SDK and the providers take longer to compile than a program takes to run. */
const compileCache = join(tmpdir(), 'node-compile-cache');
/** The SDK takes a stack for each promise, mapped to TypeScript that is not there: a sixth of the time, for what nobody is shown. */
const withoutStacks = ['--stack-trace-limit=0'];

/** Runs a program with the language runtime of Pulumi, as the real engine starts it. Answers its exit code and what it wrote. */
export function runProgram(options: RunOptions): Promise<{ code: number | null; output: string }> {
  const { root, folder, main, project, stack, organization, config, address } = options;
  const runtime = createRequire(join(root, 'package.json')).resolve('@pulumi/pulumi/cmd/run/index.js');
  const flags = {
    monitor: address,
    engine: address,
    project,
    stack,
    organization,
    pwd: folder,
    'root-directory': folder,
    // What a program does to the world, such as waiting for a cluster, it leaves when it is only looked at.
    'dry-run': 'true',
  };
  const args = Object.entries(flags).flatMap(([name, value]) => [`--${name}`, value]);
  const environment = Object.fromEntries(
    passed.flatMap((name) => (name in process.env ? [[name, process.env[name]]] : [])),
  );
  const child = spawn(process.execPath, [...withoutStacks, runtime, ...args, main], {
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: mostMs,
    killSignal: 'SIGKILL',
    env: {
      ...environment,
      PULUMI_CONFIG: JSON.stringify(config.values),
      PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(config.secretKeys),
      PULUMI_NODEJS_TYPESCRIPT: 'false',
      // Nothing installs what it declares: a program downloads nothing for that.
      CAUSEWAY_RENDER: '1',
      NO_COLOR: '1',
      NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? compileCache,
      ...options.environment,
    },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, output }));
  });
}
