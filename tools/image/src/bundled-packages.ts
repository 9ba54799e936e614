import { relative } from 'node:path';

/** The folder of the innermost package in a path, such as `node_modules/a/node_modules/@b/c` of `/w/node_modules/a/node_modules/@b/c/lib/x.js`. */
const packageFolder = /(?:^|\/)(node_modules\/(?:.*\/node_modules\/)?(?:@[^/]+\/)?[^/]+)\//;

/** Folders of packages, relative to the workspace, that the sources at `paths` belong to: sorted, each once. What is not from a package is ours. */
export function bundledPackages(paths: readonly string[]): string[] {
  return [...new Set(paths.flatMap((path) => packageFolder.exec(path)?.[1] ?? []))].sort();
}

/** Lines for the end of a bundle that say which sources are in it, by their paths from the workspace: what is shipped is compared with its list by these. */
export const sourceMarks = (paths: readonly string[], root: string): string =>
  paths.map((path) => `//#source ${relative(root, path)}\n`).join('');

/** The sources that the text of a bundle names. */
export const sourcesIn = (bundle: string): string[] =>
  [...bundle.matchAll(/^\/\/#source (\S+)$/gm)].map(([, path = '']) => path);
