import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createVenv } from '../../create-venv.ts';

/**
 * Path of a Python that has the given packages, from a virtual environment made on the first call and kept in `.causeway/venv`;
 * null, with the reason on standard error, where there is no Python or the packages cannot be had.
 */
export function pythonVenv(packages: readonly string[]): string | null {
  const folder = join('.causeway', 'venv', packages.join('_').replaceAll(/[^\w.]/g, '-'));
  const python = join(folder, 'bin', 'python');
  const done = join(folder, 'complete');
  if (existsSync(done)) return python;
  try {
    createVenv(folder, packages);
    writeFileSync(done, '');
    return python;
  } catch (cause) {
    console.error(`no Python with ${packages.join(', ')}: ${(cause as Error).message.split('\n')[0]}`);
    return null;
  }
}
