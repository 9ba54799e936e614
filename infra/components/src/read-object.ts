import { setTimeout as sleep } from 'node:timers/promises';
import { InputError } from '@repo/contract/input-error';
import type { ClusterGet } from './cluster-api.ts';

/** What an API server answers in place of an object. */
interface StatusObject {
  readonly kind?: string;
  readonly message?: string;
}

/** Pauses before the same is asked again: a server that is being replaced is back by then. */
const pausesMs = [500, 1000, 2000, 4000];

/** The server's own words, whole where they are no Status. */
function messageOf(text: string): string {
  try {
    const { kind, message } = JSON.parse(text) as StatusObject;
    return kind === 'Status' && message !== undefined ? message : text.trim();
  } catch {
    return text.trim();
  }
}

/** A group that a cluster does not have is answered without a Status, an object that is not there with one. */
function actionFor(status: number, path: string, text: string): string {
  if (status === 401) return 'sign in again: the kubeconfig of the program cluster names how';
  if (status === 403) return 'have an operator grant whoever runs up to read it';
  if (status !== 404) return 'look at the cluster, and run up again';
  if (text.trimStart().startsWith('{')) return 'run up again with --refresh: someone has deleted it';
  const [, group = 'the API'] = /^\/apis\/([^/]+\/[^/]+)\//.exec(path) ?? [];
  return `install what defines ${group}; for Argo Rollouts: monitoring:platform with "rollouts: install"`;
}

/** The answer to a question that may be lost on its way, or met by a server that is just going. */
async function answerOf(get: ClusterGet, path: string, pauses: readonly number[]): ReturnType<ClusterGet> {
  for (const pauseMs of pauses) {
    const answer = await get(path).catch(() => null);
    if (answer !== null && answer.status !== 429 && answer.status < 500) return answer;
    await sleep(pauseMs);
  }
  return get(path);
}

/**
 * Reads an object of the cluster, such as a Rollout or a list of pods. A lost connection and a server error are tried again. Throws
 * InputError, with what the server says and what to do, for every answer that is no object. `pauses`: before each further try, in ms.
 */
export async function readObject<T>(get: ClusterGet, path: string, pauses: readonly number[] = pausesMs): Promise<T> {
  const { status, text } = await answerOf(get, path, pauses);
  if (status === 200) return JSON.parse(text) as T;
  throw new InputError({
    path: `cluster ${path}`,
    received: `${status}: ${messageOf(text)}`,
    allowed: 'the object',
    action: actionFor(status, path, text),
  });
}
