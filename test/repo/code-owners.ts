import { matchesGlob } from 'node:path';
import type { Rule, Workspace } from './workspace.ts';

const owners = '.github/CODEOWNERS';

/** Whether a pattern of the file fits something that is there. `/libs/gates/` stands for all below it, `*` for everything. */
const fits = (files: readonly string[], pattern: string): boolean => {
  const glob = pattern.replace(/^\//, '').replace(/\/$/, '/**');
  return files.some((file) => matchesGlob(file, glob));
};

function check({ files, text }: Workspace): string[] {
  if (!files.includes(owners))
    return [`${owners}: is missing; say who is asked when what decides about a model changes`];
  const lines = text(owners)
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  return lines.flatMap((line) => {
    const [pattern = '', ...teams] = line.split(' ');
    if (teams.length === 0) return [`${owners}: ${pattern} has no owner; name one`];
    return fits(files, pattern) ? [] : [`${owners}: ${pattern} fits no file, so that nobody is asked; correct it`];
  });
}

/** Everything that has owners by its path is still there. */
export const codeOwners: Rule = { name: 'code-owners', check };
