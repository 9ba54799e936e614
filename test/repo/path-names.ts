import type { Rule } from './workspace.ts';

/** A name that is such a word, or ends in one as `string-utils.ts` does. */
const saysNothing = /^(?:.*[-_])?(?:utils?|common|helpers?|shared|misc)(?:\.|$)/i;

/** Files and folders are named for what they hold. */
export const pathNames: Rule = {
  name: 'path-names',
  check: ({ files }) =>
    files
      .filter((file) => file.split('/').some((part) => saysNothing.test(part)))
      .map((file) => `${file}: name it for what it holds`),
};
