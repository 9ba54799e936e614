import type { Rule } from './workspace.ts';

const saysNothing = new Set(['util', 'utils', 'common', 'helper', 'helpers', 'shared', 'misc']);

/** Files and folders are named for what they hold. */
export const pathNames: Rule = {
  name: 'path-names',
  check: ({ files }) =>
    files
      .filter((file) => file.split('/').some((part) => saysNothing.has(part.replace(/\..*$/, ''))))
      .map((file) => `${file}: name it for what it holds`),
};
