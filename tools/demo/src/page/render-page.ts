import { plainText } from '@repo/contract/plain-text';
import { escapeHtml, htmlPage, htmlTable } from '@repo/training/report/html';
import type { Story } from '../story.ts';
import { speaks } from '../watch-model.ts';
import { canarySection } from './canary-section.ts';
import { chapterChart } from './chapter-chart.ts';
import { comparisonSection } from './comparison-section.ts';
import { pageStyle } from './page-style.ts';
import { reasonOf, reasonSection } from './reason-section.ts';
import { timelineChart } from './timeline-chart.ts';
import { trainingSection } from './training-section.ts';

const figure = (picture: string, caption: string): string =>
  `<figure>${picture}<figcaption>${escapeHtml(caption)}</figcaption></figure>`;

/** The limit of realised log-loss as the monitors had it; null: they never judged it. */
export const limitOf = ({ watched }: Story): number | null =>
  watched.find(({ limit }) => limit !== null)?.limit ?? null;

function monitors({ watched }: Story): string {
  const rows = watched.map((one) => {
    const { page, warn, ok } = one.counts;
    return [one.at.slice(0, 10), speaks(one) ? 'speak' : 'quiet', page, warn, ok];
  });
  const spoken =
    watched
      .filter(speaks)
      .at(0)
      ?.spoken.filter(({ outcome, kind }) => outcome === 'page' && kind === 'model') ?? [];
  const besides =
    watched
      .at(-1)
      ?.spoken.filter(({ kind }) => kind !== 'model')
      .slice(0, 8) ?? [];
  const list = (some: typeof spoken) =>
    `<ul>${some.map(({ name, subject, reason }) => `<li><b>${escapeHtml(plainText(name))}${subject === null ? '' : ` of ${escapeHtml(plainText(subject))}`}</b>: ${escapeHtml(plainText(reason))}</li>`).join('')}</ul>`;
  return `<h2>What the monitors said</h2>${htmlTable([['asked on', 'about the model they', 'pages of all kinds', 'warnings', 'fine'], ...rows])}
${spoken.length === 0 ? '' : `<p>The reason, in the monitor’s words:</p>${list(spoken)}`}${besides.length === 0 ? '' : `<p class="note">Told besides, at the last look, without waking anybody for the model:</p>${list(besides)}`}`;
}

function summary(story: Story): string {
  const { replay, champion, comparison, promotion, poisoned } = story;
  const first = story.watched.find(speaks);
  const parts = [
    `Version ${champion.version}, which had learned until ${champion.learnedUntil}, answered ${replay.requests.toLocaleString('en')} requests of October to December 2013, asked in event time through the service’s own HTTP.`,
    first === undefined
      ? 'The monitors never spoke.'
      : `The monitors were quiet until they spoke on ${first.at.slice(0, 10)}.`,
    promotion === null
      ? 'No candidate was promoted.'
      : `A model that was trained again took over as version ${promotion.version}.`,
    poisoned === null
      ? ''
      : `One with poisoned labels was ${poisoned.run.decision.run?.outcome === 'proposed' ? 'not stopped' : 'stopped'}.`,
    comparison === null
      ? ''
      : `On the flights it answered its log-loss is ${comparison.paired.estimate <= 0 ? 'lower' : 'higher'} by ${Math.abs(comparison.paired.estimate).toFixed(4)} than the old one’s would have been (difference ${comparison.paired.lower.toFixed(4)} to ${comparison.paired.upper.toFixed(4)}${comparison.paired.lower < 0 && comparison.paired.upper > 0 ? ', which holds 0' : ''}).`,
  ];
  return `<p class="lead">${escapeHtml(parts.filter(Boolean).join(' '))}</p>`;
}

function notRun({ notRun: steps }: Story): string {
  if (steps.length === 0) return '';
  return `<h2>Not run</h2>${htmlTable([['step', 'why'], ...steps.map(({ step, why }) => [step, plainText(why)])])}`;
}

function method({ replay }: Story): string {
  const cost =
    replay.tickCost === null
      ? ''
      : ` Against features of the very moment that costs ${replay.tickCost.estimate.toFixed(4)} of log-loss (${replay.tickCost.lower.toFixed(4)} to ${replay.tickCost.upper.toFixed(4)}, ${replay.tickCost.rows.toLocaleString('en')} flights).`;
  return `<p class="note">${replay.requests.toLocaleString('en')} requests in ${replay.seconds.toFixed(0)} s, ${Math.round(replay.requests / replay.seconds)} a second, over four connections; ${replay.fallbacks} answered by a lower level than the champion. A request is made two hours before departure. The online store moves on every ${replay.tickHours} h of event time, so that features are up to so much older than in training.${cost}</p>`;
}

/** The story as one page that holds everything itself: no script, no link, no request. */
export function renderPage(story: Story): string {
  const body = [
    `<h1>The loop closes</h1><p>${escapeHtml(story.question)} <span class="note">${escapeHtml(story.model)}, all figures from this run</span></p>`,
    summary(story),
    figure(timelineChart(story, limitOf(story)), story.spans === null ? '' : reasonOf(story.spans)),
    monitors(story),
    reasonSection(story.spans),
    trainingSection(story),
    canarySection(story),
    comparisonSection(story),
    notRun(story),
    `<h2>The run</h2>${method(story)}${figure(chapterChart(story), '')}`,
  ];
  return htmlPage(`${story.model}: the loop closes`, body.join('\n'), pageStyle);
}
