import { hostname } from 'node:os';
import {
  type RetrainRun,
  type RunClaim,
  type RunEnd,
  RunOutcome,
  runClaimSchema,
  runEndSchema,
} from '@repo/monitoring/retrain-run';
import { encodeJson, parseJson } from '@repo/registry/json-object';
import { numberedNames } from '@repo/registry/numbered-names';
import { openObjects } from '@repo/registry/open-objects';
import type { Context } from '../context.ts';

/** The runs of a model, as every machine that shares the state sees them. Nothing of it is ever changed. */
export interface RetrainState {
  /** All runs, oldest first. */
  runs(): Promise<RetrainRun[]>;
  /** Makes a run ours; false where somebody else was faster. */
  claim(claim: RunClaim): Promise<boolean>;
  /** Says how a run ended; that somebody said so before is as good. */
  end(end: RunEnd): Promise<void>;
  /** Says of runs of ours that did not end that they never will: only for who knows that nobody else works here. */
  giveUp(by: string, atUs: number): Promise<void>;
}

/** Opens the runs of a model in the state: `retrain/<model>/runs/<number>.json` and `ends/<number>.json`. */
export function openRetrainState({ stateUrl, workspace }: Context, model: string): RetrainState {
  const { store } = openObjects(stateUrl, workspace.root, 'retrain');
  const keyOf = (kind: 'runs' | 'ends', number: number): string => `${model}/${kind}/${number}.json`;
  const read = async (number: number): Promise<RetrainRun | null> => {
    const [runKey, endKey] = [keyOf('runs', number), keyOf('ends', number)];
    const [claim, end] = [await store.get(runKey), await store.get(endKey)];
    if (claim === null) return null;
    return {
      claim: parseJson(runClaimSchema, claim, `retrain/${runKey}`),
      end: end === null ? null : parseJson(runEndSchema, end, `retrain/${endKey}`),
    };
  };
  const runs = async (): Promise<RetrainRun[]> => {
    const numbers = (await numberedNames(store, `${model}/runs`)).sort((a, b) => a - b);
    return (await Promise.all(numbers.map(read))).filter((run) => run !== null);
  };
  const end = async (ended: RunEnd): Promise<void> => {
    await store.putIfAbsent(keyOf('ends', ended.number), encodeJson(ended));
  };
  return {
    runs,
    claim: (claim) => store.putIfAbsent(keyOf('runs', claim.number), encodeJson(claim)),
    end,
    giveUp: async (by, atUs) => {
      for (const run of await runs()) {
        if (run.end !== null || run.claim.by !== by) continue;
        const detail = 'its process is gone';
        const { number } = run.claim;
        await end({
          schemaVersion: 1,
          number,
          endedUs: atUs,
          outcome: RunOutcome.givenUp,
          version: null,
          pullRequest: null,
          detail,
        });
      }
    },
  };
}

/** Who runs it: the page of the run on GitHub, else this machine and checkout. */
export function ownerOf({ environment, workspace }: Context): string {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: run } = environment;
  if (server !== undefined && repository !== undefined && run !== undefined)
    return `${server}/${repository}/actions/runs/${run}`;
  return `${hostname()}:${workspace.root}`;
}
