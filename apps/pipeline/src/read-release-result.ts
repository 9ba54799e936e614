import { InputError, type Problem, show } from '@repo/contract/input-error';
import type { Champion } from '@repo/contract/manifest';
import { parseOrThrow } from '@repo/contract/parse';
import { ReleaseOutcome, type ReleaseResult, releaseResultSchema } from '@repo/contract/release-result';
import { readUntrustedJson } from './read-untrusted-json.ts';

/** What a watch prints takes some 10 KiB. */
const mostBytes = 2 ** 20;
const action = 'leave it alone: no watch of this release printed it';

type Claim = readonly [path: string, received: unknown, allowed: unknown];

const isSame = (one: Champion, other: Champion): boolean =>
  one.version === other.version && one.digest === other.digest;

const shown = (value: unknown): string => (value === null ? 'none' : show(value));

/** What must agree with something else, where it stands, what it says, and what it should. */
function claims({ outcome, from, to, byHand, judgement, startedAt, endedAt }: ReleaseResult, model: string): Claim[] {
  const found: Claim[] = [];
  const expect = (path: string, received: unknown, allowed: unknown, agrees = received === allowed): void => {
    if (!agrees) found.push([path, received, allowed]);
  };
  if (judgement !== null) {
    expect('judgement.model', judgement.model, model);
    expect('judgement.canary.podHash', judgement.canary.podHash, to.podHash);
    if (from !== null) expect('judgement.stable.podHash', judgement.stable.podHash, from.podHash);
    // A person may have gone on in spite of it, and then stands there.
    if (outcome === ReleaseOutcome.promoted && byHand.length === 0)
      expect('judgement.verdict', judgement.verdict, 'no fail of what was promoted', judgement.verdict !== 'fail');
  }
  expect('endedAt', endedAt, `a time from ${startedAt} on`, Date.parse(endedAt) >= Date.parse(startedAt));
  return found;
}

/** Whether the result is about the champion of this checkout. After a rollback the cluster may not know any more what it was. */
function released({ outcome, to }: ReleaseResult, champion: Champion | null): Claim[] {
  if (to.champion === null && outcome !== ReleaseOutcome.promoted) return [];
  const agrees = champion !== null && to.champion !== null && isSame(to.champion, champion);
  const { version, digest } = champion ?? {};
  return agrees ? [] : [['to.champion', to.champion, champion === null ? null : { version, digest }]];
}

/**
 * Reads what `causeway watch --json` left, and believes none of it: a file of at most 1 MiB in the schema's form, about `model` and the champion of
 * this checkout, that does not contradict itself. Throws InputError with all that is wrong.
 */
export async function readReleaseResult(
  path: string,
  model: string,
  champion: Champion | null,
): Promise<ReleaseResult> {
  const document = await readUntrustedJson(path, { mostBytes, action });
  const result = parseOrThrow(releaseResultSchema, document, path);
  const all: Claim[] =
    result.model === model
      ? [...claims(result, model), ...released(result, champion)]
      : [['model', result.model, model]];
  const problems = all.map(
    ([at, received, allowed]): Problem => ({
      ...{ path: `${path}.${at}`, received: shown(received), allowed: shown(allowed), action },
    }),
  );
  if (problems.length > 0) throw new InputError(problems);
  return result;
}
