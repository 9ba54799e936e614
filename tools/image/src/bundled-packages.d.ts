/** Folders of packages, relative to the workspace, that the sources at `paths` belong to: sorted, each once. What is not from a package is ours. */
export declare function bundledPackages(paths: readonly string[]): string[];
/** Lines for the end of a bundle that say which sources are in it, by their paths from the workspace: what is shipped is compared with its list by these. */
export declare const sourceMarks: (paths: readonly string[], root: string) => string;
/** The sources that the text of a bundle names. */
export declare const sourcesIn: (bundle: string) => string[];
