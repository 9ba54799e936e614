import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Ended, runCommand } from './run-command.ts';

/** In the order in which they go up. */
export const programs = ['cluster', 'storage', 'monitoring', 'serving'] as const;
export type Program = (typeof programs)[number];

/** What an `up` or `destroy` did. */
export interface Update extends Ended {
  /** Resources by what was done to them: `same`, `create`, `update`, `delete`. */
  readonly changes: Readonly<Record<string, number>>;
  readonly durationMs: number;
  /** What the operator is told went wrong. */
  readonly errors: string;
}

interface EngineEvent {
  readonly summaryEvent?: { readonly resourceChanges?: Record<string, number> };
  readonly diagnosticEvent?: { readonly severity: string; readonly message: string };
}

function toUpdate(ended: Ended, durationMs: number): Update {
  const events = ended.stdout.split('\n').flatMap((line): EngineEvent[] => {
    try {
      return [JSON.parse(line) as EngineEvent];
    } catch {
      return [];
    }
  });
  const summary = events.findLast(({ summaryEvent }) => summaryEvent !== undefined)?.summaryEvent;
  const said = events.flatMap(({ diagnosticEvent }) =>
    diagnosticEvent?.severity === 'error' ? [diagnosticEvent.message] : [],
  );
  return { ...ended, durationMs, changes: summary?.resourceChanges ?? {}, errors: [...said, ended.stderr].join('\n') };
}

/** The engine over the programs of a workspace, on the stack local. */
export function createEngine(root: string, env: NodeJS.ProcessEnv) {
  const engine = async (verb: 'up' | 'destroy', program: Program, ...more: string[]): Promise<Update> => {
    const startMs = performance.now();
    const args = [verb, '--stack', 'local', '--yes', '--non-interactive', '--skip-preview', '--json', ...more];
    const ended = await runCommand('pulumi', ['-C', join(root, 'infra', program), ...args], { env });
    return toUpdate(ended, performance.now() - startMs);
  };
  return {
    up: (program: Program, ...more: string[]) => engine('up', program, ...more),
    /** Once more where the Kubernetes provider itself broke down: it sometimes does, while it waits for something to be gone. */
    destroy: async (program: Program): Promise<Update> => {
      const update = await engine('destroy', program);
      if (!/pulumi-resource-kubernetes exited prematurely/.test(update.errors)) return update;
      console.warn(`destroy of ${program}: the provider broke down; once more`);
      return engine('destroy', program);
    },
    /** An `up` that is killed after so many milliseconds, as by a machine that went away; whether it was still running then. */
    upKilledAfter: async (program: Program, milliseconds: number): Promise<boolean> => {
      const args = ['-C', join(root, 'infra', program), 'up', '--stack', 'local', '--yes', '--skip-preview'];
      const child = spawn('pulumi', args, { env, stdio: 'ignore', timeout: milliseconds, killSignal: 'SIGKILL' });
      const [code] = (await once(child, 'exit')) as [number | null];
      return code === null;
    },
    /** Takes away the lock that a killed update has left. */
    cancel: (program: Program): Promise<Ended> =>
      runCommand('pulumi', ['-C', join(root, 'infra', program), 'cancel', '--stack', 'local', '--yes'], { env }),
    /** Where each model answers, as `up` of serving has printed it. */
    urls: async (): Promise<Record<string, string>> => {
      const args = ['-C', join(root, 'infra/serving'), 'stack', 'output', 'urls', '--stack', 'local', '--json'];
      const { code, stdout, stderr } = await runCommand('pulumi', args, { env });
      if (code !== 0) throw new Error(stderr);
      return JSON.parse(stdout) as Record<string, string>;
    },
    /** A configuration that differs from the committed one by the given lines, in a file of its own. */
    configWith: (folder: string, program: Program, change: (text: string) => string): string => {
      const file = join(folder, `Pulumi.local.${program}.yaml`);
      writeFileSync(file, change(readFileSync(join(root, 'infra', program, 'Pulumi.local.yaml'), 'utf8')));
      return file;
    },
  };
}
