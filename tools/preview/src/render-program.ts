import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toStack } from '@repo/components/stack';
import { InputError, show } from '@repo/contract/input-error';
import { handedOver } from './handed-over.ts';
import { placeholderKubeconfig } from './placeholder-kubeconfig.ts';
import { Recording } from './recording.ts';
import type { Rendered } from './rendered.ts';
import { runProgram } from './run-program.ts';
import { serveEngine } from './serve-engine.ts';
import { readProject, readStackConfig } from './stack-config.ts';
import { secret, type Wire } from './unwrap.ts';

const organization = 'organization';

/** Renders programs of one workspace; each at most once for a stack. */
export interface Renderer {
  /**
   * What a program declares for a stack, without a cloud: its real code with its real configuration. Programs whose outputs it reads are
   * rendered first. Throws InputError for a program or a stack that does not exist, and for what the program itself fails with.
   */
  render(program: string, stack: string): Promise<Rendered>;
}

const withSecrets = ({ outputs, secretOutputs }: Rendered): Record<string, Wire> =>
  Object.fromEntries(
    Object.entries(outputs).map(([name, value]) => [name, secretOutputs.includes(name) ? secret(value) : value]),
  );

/** What went wrong, once, without the calls that led there and without the folder of this checkout. */
function reasonOf(root: string, errors: readonly string[], output: string): string {
  const texts = errors.length > 0 ? errors : [output];
  const firsts = texts
    .map((text) => text.split(/\n\s+at /)[0] ?? '')
    .map((text) => text.replaceAll(`${root}/`, '').trim());
  return [...new Set(firsts)].filter((text) => text !== '').join('\n') || 'nothing; it was ended when it did not end';
}

function failure(root: string, program: string, stack: string, errors: readonly string[], output: string): InputError {
  return new InputError({
    path: `infra/${program} on ${stack}`,
    received: reasonOf(root, errors, output),
    allowed: 'a program that runs to its end',
    action: 'correct what it says',
  });
}

/** The folder of a program. Throws InputError where there is none. */
export function checkProgram(root: string, program: string): string {
  const folder = join(root, 'infra', program);
  if (/^[a-z][a-z-]*$/.test(program) && existsSync(join(folder, 'Pulumi.yaml'))) return folder;
  const allowed = 'a folder below infra/ with a Pulumi.yaml';
  throw new InputError({ path: 'program', received: show(program), allowed, action: 'name one that exists' });
}

/** @param root folder of the workspace. */
export function createRenderer(root: string): Renderer {
  const started = new Map<string, Promise<Rendered>>();

  async function run(program: string, stack: string, readers: readonly string[]): Promise<Rendered> {
    const folder = checkProgram(root, program);
    const { name: project, main } = readProject(folder);
    const config = handedOver(readStackConfig(folder, project, toStack(stack)), project, stack);
    const recording = new Recording(project, stack);
    const engine = await serveEngine(recording, async (name) => {
      const [, other = '', its = ''] = name.split('/');
      return withSecrets(await start(other, its, [...readers, program]));
    });
    const scratch = mkdtempSync(join(tmpdir(), 'render-'));
    try {
      // The stack local asks the machine for a cluster; what is declared must not depend on which one is there.
      const kubeconfig = join(scratch, 'kubeconfig');
      writeFileSync(kubeconfig, placeholderKubeconfig);
      const environment = { KUBECONFIG: kubeconfig };
      const { address } = engine;
      const options = { root, folder, main, project, stack, organization, config, address, environment };
      const { code, output } = await runProgram(options);
      if (code !== 0) throw failure(root, program, stack, engine.errors, output);
      return recording.finish();
    } finally {
      engine.close();
      rmSync(scratch, { recursive: true });
    }
  }

  function start(program: string, stack: string, readers: readonly string[]): Promise<Rendered> {
    if (readers.includes(program)) {
      const received = [...readers, program].join(' reads ');
      throw new InputError({ path: program, received, allowed: 'no circle', action: 'take one of these readings out' });
    }
    const key = `${program}/${stack}`;
    const running = started.get(key) ?? run(program, stack, readers);
    started.set(key, running);
    return running;
  }

  return { render: (program, stack) => start(program, stack, []) };
}
