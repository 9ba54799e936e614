import { availableParallelism } from 'node:os';
import { InputError } from '@repo/contract/input-error';
import type { FailedProgram } from '@repo/contract/preview-report';
import type { Renderer } from './render-program.ts';
import type { Rendered } from './rendered.ts';

/** Renders every program for every stack, as many at once as there are processors; one that fails is answered with its reason. */
export async function renderAll(
  renderer: Renderer,
  programs: readonly string[],
  stacks: readonly string[],
): Promise<(Rendered | FailedProgram)[]> {
  const pairs = programs.flatMap((program) => stacks.map((stack) => ({ program, stack })));
  const results: (Rendered | FailedProgram)[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    for (let i = next++; i < pairs.length; i = next++) {
      const { program, stack } = pairs[i] as { program: string; stack: string };
      try {
        results[i] = await renderer.render(program, stack);
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
        results[i] = { program, stack, problem: error.message.slice(0, 4000) };
      }
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  return results;
}
