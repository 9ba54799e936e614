/** The folder of the innermost package in a path, such as `node_modules/a/node_modules/@b/c` of `/w/node_modules/a/node_modules/@b/c/lib/x.js`. */
const packageFolder = /(?:^|\/)(node_modules\/(?:.*\/node_modules\/)?(?:@[^/]+\/)?[^/]+)\//;

/** Folders of packages, relative to the workspace, that the sources at `paths` belong to: sorted, each once. What is not from a package is ours. */
export function bundledPackages(paths: readonly string[]): string[] {
  return [...new Set(paths.flatMap((path) => packageFolder.exec(path)?.[1] ?? []))].sort();
}

/** rolldown heads each module of a bundle that is not minified with its path in the workspace. */
const region = /^\/\/#region (?!\\0)(\S+)$/gm;

/** Paths of the sources in the text of a bundle, as the bundler wrote them. */
export const sourcesIn = (bundle: string): string[] => [...bundle.matchAll(region)].map(([, path = '']) => path);
