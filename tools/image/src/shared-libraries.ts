import { execFileSync } from 'node:child_process';

/** A line of ldd that names a file: `libm.so.6 => /lib/x86_64-linux-gnu/libm.so.6 (0x00007f...)` or the loader, `/lib64/ld-linux-x86-64.so.2 (0x...)`. */
const fileLine = /^\s*(?:\S+ => )?(\/\S+) \(0x[0-9a-f]+\)$/;

/** Absolute paths of the files that some output of ldd names; throws Error when it names one that is missing. */
export function librariesIn(output: string): string[] {
  const lines = output.split('\n');
  const missing = lines.find((line) => line.includes('not found'));
  if (missing !== undefined) throw new Error(`a library is missing on this machine: ${missing.trim()}`);
  return lines.flatMap((line) => fileLine.exec(line)?.[1] ?? []);
}

/** What the programs load from this machine, the loader with it: absolute paths, sorted, each once. What packages bring is left out. */
export function sharedLibraries(programs: readonly string[]): string[] {
  const all = programs.flatMap((program) => librariesIn(execFileSync('ldd', [program], { encoding: 'utf8' })));
  return [...new Set(all)].filter((path) => !path.includes('/node_modules/')).sort();
}
