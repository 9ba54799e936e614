import type { Progress } from './progress.ts';
import type { Workspace } from './workspace.ts';

/** What every verb works with; nothing of it is read from the process anywhere else. */
export interface Context {
  workspace: Workspace;
  progress: Progress;
  /** Folder that paths on the command line are relative to. */
  workingDir: string;
  /** CAUSEWAY_STATE: URL of the registry and, unless told otherwise, of the online store. */
  stateUrl: string;
  /** ONLINE_STORE: `sqlite:<path>` or `redis://`. */
  onlineStore: string | undefined;
  nowUs: number;
}
