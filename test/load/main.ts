import { readdirSync } from 'node:fs';
import { InputError } from '@repo/contract/input-error';

/** What a benchmark's file offers: it measures and prints its figures. False: one of them misses its bound. */
interface Benchmark {
  run(parts: readonly string[]): Promise<unknown>;
}

/** `npm run bench -- <name> [parts]`: runs `test/load/<name>.ts`. Exit 1: a figure misses its bound; 2: no such benchmark or part. */
async function main(name: string | undefined, parts: readonly string[]): Promise<number> {
  const names = readdirSync(new URL('.', import.meta.url))
    .filter((file) => /^(?!main\.|floor\.)[^.]+\.ts$/.test(file))
    .map((file) => file.slice(0, -'.ts'.length));
  if (name === undefined || !names.includes(name)) {
    console.error(
      `benchmark: received ${name ?? 'nothing'}; allowed: ${names.join(', ') || 'none yet'}; name one of these`,
    );
    return 2;
  }
  const benchmark = (await import(`./${name}.ts`)) as Benchmark;
  try {
    return (await benchmark.run(parts)) === false ? 1 : 0;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    console.error(error.message);
    return 2;
  }
}

process.exitCode = await main(process.argv[2], process.argv.slice(3));
