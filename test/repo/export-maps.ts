import { posix } from 'node:path';
import { packagesOf, type Rule } from './workspace.ts';

/** Whatever a package.json offers, as an export or a command, is there. */
export const exportMaps: Rule = {
  name: 'export-maps',
  check: (workspace) =>
    [...packagesOf(workspace)].flatMap(([folder, { exports = {}, bin = {} }]) =>
      [...Object.values(exports), ...Object.values(bin)]
        .filter((target) => !workspace.files.includes(posix.join(folder, target)))
        .map((target) => `${folder}/package.json: ${target} does not exist`),
    ),
};
