import { readdirSync } from 'node:fs';

/** What a benchmark's file offers: it measures and prints its figures. */
interface Benchmark {
  run(): Promise<void>;
}

/** `npm run bench -- <name>`: runs `test/load/<name>.ts`. Exit 2: no such benchmark. */
async function main(name: string | undefined): Promise<number> {
  const names = readdirSync(new URL('.', import.meta.url))
    .filter((file) => /^(?!main\.)[^.]+\.ts$/.test(file))
    .map((file) => file.slice(0, -'.ts'.length));
  if (name === undefined || !names.includes(name)) {
    console.error(
      `benchmark: received ${name ?? 'nothing'}; allowed: ${names.join(', ') || 'none yet'}; name one of these`,
    );
    return 2;
  }
  const benchmark = (await import(`./${name}.ts`)) as Benchmark;
  await benchmark.run();
  return 0;
}

process.exitCode = await main(process.argv[2]);
