import type { Rule, Workspace } from './workspace.ts';

// The fixtures of this rule name what it forbids.
const isJudged = (file: string): boolean => !/\.(parquet|onnx|png|xz|gz|db|sqlite)$|^test\/repo\/fixtures\//.test(file);
const someonesFolder = /(?<![\w.])\/(?:home|Users)\/[\w.-]+\/|[A-Z]:\\Users\\/;
const packageHost = /https?:\/\/(?:[\w-]+\.)*(?:registry|proxy|artifactory|nexus|npmjs)\.[\w.-]+/;

/** Matches a folder as an absolute path, not as the end of a relative one: a checkout may lie in `/repo`. */
const absolute = (folder: string): RegExp => new RegExp(`(?<![\\w.@>}-])${RegExp.escape(folder)}/`);

function check({ files, text, machineFolders }: Workspace): string[] {
  const forbidden = [...machineFolders.map(absolute), someonesFolder, packageHost];
  return files.filter(isJudged).flatMap((file) => {
    const content = text(file);
    const found = forbidden.map((pattern) => pattern.exec(content)?.[0]).filter((match) => match !== undefined);
    return found.map((match) => `${file}: ${match} holds on one machine only; leave it out`);
  });
}

/** No kept file names a folder of somebody's machine or the address of a package registry. */
export const machinePaths: Rule = { name: 'machine-paths', check };
