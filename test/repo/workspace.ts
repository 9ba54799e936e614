import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The parts of a package.json that rules look at. */
export interface Manifest {
  name?: string;
  bin?: Record<string, string>;
  exports?: Record<string, string>;
  scripts?: Record<string, string>;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
}

/** What a rule judges: the files that git would keep, their text, and what the command line answers to. */
export interface Workspace {
  /** Workspace-relative paths, sorted. */
  files: readonly string[];
  /** Text of one of `files`. */
  text(path: string): string;
  /** Verbs of the `causeway` command. */
  verbs: readonly string[];
  /** Folders that must not be named in a file: this checkout, the home folder. */
  machineFolders: readonly string[];
}

/** A rule about the workspace itself. `check` returns one line per breach, naming the file and what to do; none means kept. */
export interface Rule {
  name: string;
  check(workspace: Workspace): string[];
}

/** Reads a checkout. Files ignored by git are left out; those not yet added are in. */
export function readWorkspace(root: string, verbs: readonly string[], machineFolders: readonly string[]): Workspace {
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root });
  const files = listed.toString('utf8').split('\0').filter(Boolean);
  const present = [...new Set(files)].filter((file) => existsSync(join(root, file))).sort();
  return { files: present, text: (path) => readFileSync(join(root, path), 'utf8'), verbs, machineFolders };
}

/** Every package.json but the root's, by its folder. */
export function packagesOf(workspace: Workspace): Map<string, Manifest> {
  const manifests = workspace.files.filter((file) => file.endsWith('/package.json'));
  return new Map(manifests.map((file) => [file.slice(0, -'/package.json'.length), manifestAt(workspace, file)]));
}

/** A package.json, or an empty one where there is none. */
export function manifestAt(workspace: Workspace, path: string): Manifest {
  return workspace.files.includes(path) ? (JSON.parse(workspace.text(path)) as Manifest) : {};
}

/** Files of the workspace that hold TypeScript or JavaScript. */
export function sourcesOf(workspace: Workspace): string[] {
  return workspace.files.filter((file) => /\.[cm]?[jt]sx?$/.test(file));
}

/** Whether a file only serves tests: those beside the code and what they are made from, and the projects test and tools. */
export const isTest = (file: string): boolean => /\.test\.ts$|\/fixtures\/|^test\/|^tools\//.test(file);
