import { posix } from 'node:path';
import type { Workspace } from './workspace.ts';

/** One import of a file: the module it names, and whether only types come from it. */
export interface Import {
  file: string;
  specifier: string;
  typeOnly: boolean;
}

/** Text without comments and template literals, whose contents could look like code; a template that names a module becomes a string. */
export function codeOf(text: string): string {
  return text
    .replace(/\b(import|require)\(\s*`([^`$\n]*)`/g, "$1('$2'")
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/^\s*\/\/.*$/gm, '')
    .replace(/`(?:\\.|[^`\\])*`/g, '``');
}

const statement = /^\s*(?:import|export)\b(\s+type\b)?(?:[^'"`;]*?\bfrom)?\s*(['"])([^'"\n]+)\2/gm;
const dynamic = /\b(?:import|require)\(\s*(['"])([^'"\n]+)\1/g;

/** Everything that a file imports, type imports, and calls of import and require with a literal, included. */
export function importsOf(workspace: Workspace, file: string): Import[] {
  const code = codeOf(workspace.text(file));
  const statements = [...code.matchAll(statement)].map((m) => ({
    specifier: m[3] as string,
    typeOnly: m[1] !== undefined,
  }));
  const calls = [...code.matchAll(dynamic)].map((m) => ({ specifier: m[2] as string, typeOnly: false }));
  return [...statements, ...calls].map((one) => ({ file, ...one }));
}

/** Package that a bare specifier belongs to, `@scope/name` or `name`; null for relative paths and what Node itself has. */
export function packageOf(specifier: string): string | null {
  if (/^(\.|\/|node:)/.test(specifier)) return null;
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

/** Workspace-relative path that a relative specifier leads to; null for a bare one. */
export function relativeTarget({ file, specifier }: Import): string | null {
  return specifier.startsWith('.') ? posix.join(posix.dirname(file), specifier) : null;
}
