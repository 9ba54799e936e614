import type { InstantUs } from '@repo/contract/instant';
import type { AgreementEvidence } from '@repo/experiments/canary-evidence';
import { scoreAgain } from '@repo/experiments/score-again';
import { sumAgreement } from '@repo/experiments/sum-agreement';
import { type Bundle, readBundle } from '@repo/registry/read-bundle';
import { createCanaryCheckout } from './canary-checkout.ts';
import type { Asked } from './read-flights.ts';
import { createPredictionReader } from './read-predictions.ts';
import { type CanaryEnd, runCanary } from './run-canary.ts';
import type { Scene } from './scene.ts';

const dayUs = 86_400e6;
/** Requests that only warm the canary up. */
const warmUps = 500;
/** Days after which a canary that is still undecided is given up. */
const mostDays = 12;

export interface TryOptions {
  readonly scene: Scene;
  readonly version: number;
  readonly fromUs: InstantUs;
  play(requests: readonly Asked[], ask: (request: Asked) => Promise<void>): Promise<void>;
}

/** Scores what a service has answered since the last time with the bundle that it should have answered with, and adds up. */
function createAgreement(adminPort: number, bundle: Bundle): () => Promise<AgreementEvidence> {
  const readNew = createPredictionReader(adminPort);
  let sum = sumAgreement([]);
  return async () => {
    sum = sumAgreement([sum, await scoreAgain(bundle, await readNew())]);
    return sum;
  };
}

/** Starts a second service with the candidate and lets it share the traffic until the judge is sure. */
export async function tryCandidate({
  scene,
  version,
  fromUs,
  play,
}: TryOptions): Promise<CanaryEnd & { untilUs: InstantUs }> {
  const { workspace, model, view } = scene;
  const { modelsDir, stateDir, bundleDir } = await createCanaryCheckout(workspace, version);
  const canary = await scene.startCanary(modelsDir, stateDir);
  view.say(`version ${version} answers beside it on port ${canary.service.port}`);
  // A program that has just started is slower for a while; what it answers now is before all counting, and of no flight.
  const before = scene.requests.filter(({ atUs }) => atUs < fromUs).slice(-warmUps);
  for (const one of before) await canary.asker.ask({ ...one, id: `warm-up-${one.id}` });
  const days = Array.from({ length: mostDays }, (_, i) => {
    const [beginUs, endUs] = [fromUs + i * dayUs, fromUs + (i + 1) * dayUs];
    return { endUs, requests: scene.requests.filter(({ atUs }) => atUs >= beginUs && atUs < endUs) };
  });
  const end = await runCanary({
    ...{ model, canary, days },
    stable: { service: scene.service, asker: scene.asker },
    replay: play,
    readAgreement: createAgreement(canary.service.adminPort, await readBundle(bundleDir)),
    say: view.say,
  });
  return { ...end, untilUs: fromUs + end.daysUsed * dayUs };
}
