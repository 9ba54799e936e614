import { execFile, execFileSync } from 'node:child_process';
import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { linkPackages } from './link-packages.ts';

const origin = fileURLToPath(new URL('../..', import.meta.url));
const git = (cwd: string, ...args: string[]): string => execFileSync('git', args, { cwd, encoding: 'utf8' });

/** How a command ended. `output` is what it wrote to both streams. */
export interface Finished {
  exitCode: number;
  output: string;
}

/**
 * Copies the workspace as git would keep it into a temporary folder, with one commit, no caches and no state.
 * Installed packages are linked, so that a copy takes a second.
 */
export function createCopiedWorkspace() {
  const root = mkdtempSync(join(tmpdir(), 'copied-'));
  const kept = git(origin, 'ls-files', '-z', '--cached', '--others', '--exclude-standard').split('\0').filter(Boolean);
  for (const file of kept) cpSync(join(origin, file), join(root, file), { force: true });
  linkPackages(root);
  git(root, 'init', '-q');
  git(root, 'add', '-A');
  git(root, '-c', 'user.name=copy', '-c', 'user.email=copy@localhost', 'commit', '-qm', 'copy');

  /** Runs a command of node_modules/.bin, or of the machine, in the copy. */
  const run = (command: string, ...args: string[]): Promise<Finished> => {
    const path = [join(root, 'node_modules/.bin'), dirname(process.execPath), process.env.PATH].join(delimiter);
    const env = {
      ...process.env,
      PATH: path,
      NX_WORKSPACE_ROOT_PATH: root,
      CAUSEWAY_STATE: `file:${root}/.causeway/state`,
    };
    return new Promise((resolve) => {
      execFile(command, args, { cwd: root, env, maxBuffer: 2 ** 26 }, (error, stdout, stderr) => {
        resolve({ exitCode: error === null ? 0 : Number(error.code ?? 1), output: stdout + stderr });
      });
    });
  };
  return {
    root,
    run,
    /** Runs a command that must exit with 0 and answers its output; throws with the output where it does not. */
    succeed: async (command: string, ...args: string[]): Promise<string> => {
      const { exitCode, output } = await run(command, ...args);
      if (exitCode !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${exitCode}: ${output}`);
      return output;
    },
    replace: (path: string, text: string | RegExp, by: string): void =>
      writeFileSync(join(root, path), readFileSync(join(root, path), 'utf8').replace(text, by)),
    append: (path: string, text: string): void => appendFileSync(join(root, path), text),
    read: (path: string): string => readFileSync(join(root, path), 'utf8'),
    remove: (): void => rmSync(root, { recursive: true, force: true }),
  };
}
