import type { InstantUs } from '@repo/contract/instant';
import { createCanaryCheckout } from './canary-checkout.ts';
import type { Asked } from './read-flights.ts';
import { openLog } from './read-log.ts';
import { type LoggedAnswer, readAnswers } from './read-answers.ts';
import { type CanaryEnd, runCanary } from './run-canary.ts';
import type { Scene } from './scene.ts';
import { scoreAgain } from './score-again.ts';

const dayUs = 86_400e6;
/** Days after which a canary that is still undecided is given up. */
const mostDays = 12;

export interface TryOptions {
  readonly scene: Scene;
  readonly version: number;
  readonly fromUs: InstantUs;
  play(requests: readonly Asked[], ask: (request: Asked) => Promise<void>): Promise<void>;
}

/** Starts a second service with the candidate and lets it share the traffic until the judge is sure. */
export async function tryCandidate({ scene, version, fromUs, play }: TryOptions): Promise<CanaryEnd & { untilUs: InstantUs }> {
  const { workspace, model, view, database, logDir } = scene;
  const { modelsDir, stateDir, bundleDir } = await createCanaryCheckout(workspace, version);
  const canary = await scene.startCanary(modelsDir, stateDir);
  view.say(`version ${version} answers beside it on port ${canary.service.port}`);
  const days = Array.from({ length: mostDays }, (_, i) => {
    const [beginUs, endUs] = [fromUs + i * dayUs, fromUs + (i + 1) * dayUs];
    return { endUs, requests: scene.requests.filter(({ atUs }) => atUs >= beginUs && atUs < endUs) };
  });
  const readAgreement = async () => {
    await openLog(database, { logDir, model: model.name, temporaryDir: workspace.root });
    const answers: LoggedAnswer[] = await readAnswers(database, 'canary');
    const { probabilities, tolerance } = await scoreAgain(bundleDir, answers);
    const differences = answers.map(({ probability }, i) => Math.abs(probability - (probabilities[i] as number)));
    return {
      compared: answers.length,
      disagreed: differences.filter((difference) => !(difference <= tolerance)).length,
      largest: differences.length === 0 ? null : Math.max(...differences),
    };
  };
  const end = await runCanary({
    ...{ model, canary, days, readAgreement },
    stable: { service: scene.service, asker: scene.asker },
    replay: play,
    say: view.say,
  });
  return { ...end, untilUs: fromUs + end.daysUsed * dayUs };
}
