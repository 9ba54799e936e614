import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/**
 * Makes a Python virtual environment in a folder and installs into it what pip is told, such as `numpy==2.3.5`, or `-r` and a file.
 * Answers the path of its Python. Throws where there is no Python or something cannot be had.
 */
export function createVenv(folder: string, packages: readonly string[]): string {
  const python = join(folder, 'bin', 'python');
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...packages];
  execFileSync('python3', ['-m', 'venv', folder], { stdio: 'pipe' });
  execFileSync(python, pip, { stdio: 'pipe' });
  return python;
}
