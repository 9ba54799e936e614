import type { GithubOptions } from '@repo/github/create-github';
import type { Progress, ProgressStream } from './progress.ts';
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
  /** GITHUB_TOKEN, GITHUB_REPOSITORY, GITHUB_API_URL: null without the first two. Throws InputError where they are malformed. */
  githubAccess(): GithubOptions | null;
  nowUs: number;
  /** Rows of a lake that were observed later are not read: who decides for the past must not know more. Left out: all are read. */
  observedUntilUs?: number;
  /** What kubectl finds its cluster by, ADMIN_TOKEN (of the pods) and JUDGE_TOKEN_SHA256 (of whoever asks the judge). */
  environment: Readonly<Record<string, string | undefined>>;
  /** Resolves when somebody wants the command to end, which from then on does not end by itself. */
  untilStopped(): Promise<void>;
  /** All that comes on standard input. */
  readStandardInput(): Promise<string>;
  /** Where progress goes, for a view that is drawn again and again. */
  stderr: ProgressStream;
}
