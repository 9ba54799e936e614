import { workflowFiles } from './workflow-files.ts';
import type { Rule, Workspace } from './workspace.ts';

/** `owner/name[/path]@<40 hex>  # v1.2.3`: the digest is what runs, the comment says to people and to the updater which version that is. */
const pinned = /^[\w.-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/;

function check(workspace: Workspace): string[] {
  return workflowFiles(workspace).flatMap(({ path, text }) =>
    [...text.matchAll(/^\s*(?:- )?uses: *(.+?) *$/gm)]
      .map((match) => match[1] as string)
      .filter((uses) => !uses.startsWith('./') && !pinned.test(uses))
      .map((uses) => `${path}: ${uses} may change under its name; write <owner>/<name>@<commit> # v<version>`),
  );
}

/** Every action from elsewhere is pinned to a commit, with its version in a comment. */
export const actionPins: Rule = { name: 'action-pins', check };
