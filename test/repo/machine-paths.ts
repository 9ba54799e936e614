import type { Rule, Workspace } from './workspace.ts';

// The fixtures of this rule name what it forbids.
const isJudged = (file: string): boolean => !/\.(parquet|onnx|png|xz|gz|db|sqlite)$|^test\/repo\/fixtures\//.test(file);
const someonesFolder = /(?<![\w.])\/(?:home|Users)\/[\w.-]+\/|[A-Z]:\\Users\\/;
const packageHost = /https?:\/\/(?:[\w-]+\.)*(?:registry|proxy|artifactory|nexus|npmjs)\.[\w.-]+/;

function check(workspace: Workspace): string[] {
  return workspace.files.filter(isJudged).flatMap((file) => {
    const text = workspace.text(file);
    const named = workspace.machineFolders.find((folder) => text.includes(`${folder}/`));
    const path = named ?? someonesFolder.exec(text)?.[0];
    const host = packageHost.exec(text)?.[0];
    return [path, host]
      .filter((found) => found !== undefined)
      .map((found) => `${file}: ${found} holds on one machine only; leave it out`);
  });
}

/** No kept file names a folder of somebody's machine or the address of a package registry. */
export const machinePaths: Rule = { name: 'machine-paths', check };
