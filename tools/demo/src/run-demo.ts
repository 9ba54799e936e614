import { formatInstant, type InstantUs } from '@repo/contract/instant';
import { compareModels } from './compare-models.ts';
import type { DemoWorkspace } from './demo-workspace.ts';
import type { LiveView } from './live-view.ts';
import { promoteVersion } from './promote-version.ts';
import type { Asked } from './read-flights.ts';
import { openLog } from './read-log.ts';
import { readOutcomes } from './read-outcomes.ts';
import { replay } from './replay.ts';
import { connections, openScene, type Scene } from './scene.ts';
import { spanQuality } from './span-quality.ts';
import type { Story } from './story.ts';
import { tickCost } from './tick-cost.ts';
import { tickHours, timeline } from './timeline.ts';
import { trainAgain } from './train-again.ts';
import { tryCandidate } from './try-candidate.ts';
import { speaks, type Watched, watchModel } from './watch-model.ts';
import { weeksOf } from './week-quality.ts';

const tickUs = tickHours * 3600e6;

/** Requests of a span of event time. */
const between = ({ requests }: Scene, fromUs: InstantUs, toUs: InstantUs): Asked[] =>
  requests.filter(({ atUs }) => atUs >= fromUs && atUs < toUs);

export interface DemoOptions {
  readonly workspace: DemoWorkspace;
  /** A copy of it whose labels are poisoned. */
  readonly sabotaged: DemoWorkspace;
  readonly view: LiveView;
  secondsNow(): number;
}

/** Plays the whole story and answers its figures. */
export async function runDemo({ workspace, sabotaged, view, secondsNow }: DemoOptions): Promise<Story> {
  const chapters: { title: string; seconds: number }[] = [];
  const notRun: { step: string; why: string }[] = [];
  const chapter = async <T>(title: string, play: () => Promise<T>): Promise<T> => {
    view.chapter(title);
    const begun = secondsNow();
    try {
      return await play();
    } finally {
      chapters.push({ title, seconds: secondsNow() - begun });
    }
  };
  const { begins, ends, decides } = timeline;
  const scene = await chapter('The champion of January to September serves', () =>
    openScene({ workspace, view, fromUs: begins, toUs: ends, tickUs }),
  );
  const { model, clock, asker, champion, requests } = scene;
  let replaySeconds = 0;
  let answered = 0;
  const play = async (some: readonly Asked[], ask = asker.ask): Promise<void> => {
    const begun = secondsNow();
    const before = answered;
    const onTick = (done: number, atUs: InstantUs) => {
      answered = before + done;
      const rate = Math.round(done / (secondsNow() - begun));
      view.progress(
        answered / requests.length,
        `${formatInstant(atUs).slice(0, 10)}  ${answered} answers, ${rate} a second`,
      );
    };
    await replay({ requests: some, clock, tickUs, concurrency: connections, ask, onTick });
    replaySeconds += secondsNow() - begun;
  };
  try {
    const watched: Watched[] = await chapter('October, November and the first half of December pass', async () => {
      let from = begins;
      const asked: Promise<Watched | null>[] = [];
      for (const at of timeline.watched) {
        await play(between(scene, from, at));
        from = at;
        // The monitors look at the log while the replay goes on: nothing after their moment counts.
        const before = asked.at(-1) ?? Promise.resolve(null);
        asked.push(
          before
            .then(() => watchModel(workspace, at))
            .then((found) => {
              view.say(
                `${found.at.slice(0, 10)}: monitors ${speaks(found) ? `SPEAK: ${found.spoken[0]?.reason ?? ''}` : 'are quiet'}`,
              );
              return found;
            })
            .catch((error: Error) => {
              notRun.push({ step: `monitors at ${formatInstant(at)}`, why: error.message });
              return null;
            }),
        );
      }
      return (await Promise.all(asked)).filter((one) => one !== null);
    });
    const { retrained, poisoned } = await chapter('It is trained again, and so is a saboteur’s copy', () =>
      trainAgain({ scene, sabotaged, atUs: decides }),
    );
    const version = retrained.decision.run?.version ?? null;
    let canary: Story['canary'] = null;
    let promotion: Story['promotion'] = null;
    let from = decides;
    if (version === null) {
      const why = retrained.decision.run?.detail ?? 'the policy saw no reason to train';
      for (const step of ['canary', 'promotion']) notRun.push({ step, why });
    } else {
      const tried = await chapter('The candidate is a canary', () =>
        tryCandidate({ scene, version, fromUs: decides, play }),
      );
      canary = { looks: tried.looks, verdict: tried.verdict };
      from = tried.untilUs;
      if (tried.verdict === 'pass') {
        promotion = { ...(await chapter('It becomes the champion', () => promoteVersion(scene, version))), atUs: from };
      } else notRun.push({ step: 'promotion', why: `the canary ended ${tried.verdict}` });
    }
    await chapter('The rest of December', () => play(between(scene, from, ends)));
    return await chapter('What was it worth?', async () => {
      const { database, dataPath, logDir } = scene;
      await openLog(database, { logDir, model: model.name, temporaryDir: workspace.root });
      const span = { model, dataPath, knownByUs: timeline.settled };
      const outcomes = await readOutcomes(database, { ...span, fromUs: begins, toUs: ends });
      const first = String(champion.version);
      const ofFirst = outcomes.filter(({ version, level }) => version === first && level === 'champion');
      const after = outcomes.filter((one) => one.version !== first && one.atUs >= decides && one.level === 'champion');
      const calm = ofFirst.filter(({ atUs }) => atUs < timeline.december);
      const before = ofFirst.filter(({ atUs }) => atUs >= timeline.december && atUs < decides);
      if (promotion === null) notRun.push({ step: 'after against before', why: 'there was no promotion' });
      const comparison = promotion === null ? null : await compareModels(before, after, scene.championDir);
      return {
        schemaVersion: 1,
        model: model.name,
        question: model.question,
        champion: { version: champion.version, digest: champion.digest, learnedUntil: model.split.validate[1] },
        replay: {
          requests: requests.length,
          seconds: replaySeconds,
          fallbacks: outcomes.filter(({ level }) => level !== 'champion').length,
          tickHours,
          tickCost: await tickCost(database, ofFirst, {
            featuresDir: workspace.stageDir(model.name, 'features'),
            bundleDir: scene.championDir,
          }),
        },
        weeks: weeksOf(outcomes, timeline.week),
        spans:
          calm.length === 0 || before.length === 0
            ? null
            : ([spanQuality('October and November', calm), spanQuality('December', before)] as const),
        ...{ watched, retrained, poisoned, canary, promotion, comparison, notRun, chapters },
        tookSeconds: secondsNow(),
      };
    });
  } finally {
    await scene.close();
  }
}
