import type { Story } from '../story.ts';
import { timeline } from '../timeline.ts';
import { speaks } from '../watch-model.ts';
import { px, svg } from './chart-style.ts';

const [width, height, left, right, top, bottom] = [960, 446, 46, 12, 64, 108];
/** A week of which so few days are in the story is not drawn. */
const fewestDays = 3;
const months = [
  ['October', Date.UTC(2013, 9, 1)],
  ['November', Date.UTC(2013, 10, 1)],
  ['December', Date.UTC(2013, 11, 1)],
] as const;
const endMs = Date.UTC(2014, 0, 2);

const xOf = (us: number): number => {
  const [from, to] = [timeline.begins, endMs * 1000];
  return left + ((us - from) / (to - from)) * (width - left - right);
};

/** What happened when, below the axis: monitors, training, canary, promotion. */
function events({ watched, retrained, canary, promotion }: Story): string {
  const y = height - bottom + 44;
  const marks = watched.map((one) => {
    const x = px(xOf(Date.parse(one.at) * 1000));
    const is = speaks(one) ? 'bad' : 'good';
    return `<circle class="${is}" cx="${x}" cy="${y}" r="6"><title>monitors ${one.at}: ${speaks(one) ? 'page' : 'quiet'}</title></circle>`;
  });
  const label = `<text class="soft" x="0" y="${y + 4}">monitor</text>`;
  const last = canary?.looks.at(-1);
  const spans: string[] = [];
  const row = y + 28;
  if (retrained !== null) {
    const x = xOf(timeline.decides);
    spans.push(`<line class="line-two thick" x1="${px(x)}" x2="${px(x)}" y1="${top}" y2="${row}"/>`);
    spans.push(`<text class="strong" text-anchor="end" x="${px(x - 6)}" y="${row}">trained again, gates</text>`);
  }
  if (last !== undefined) {
    const [x, to] = [xOf(timeline.decides), xOf(last.atUs)];
    spans.push(
      `<rect class="two" opacity=".25" x="${px(x)}" y="${row - 12}" width="${px(to - x)}" height="16"/><text x="${px(x + 4)}" y="${row}">canary</text>`,
    );
  }
  if (promotion !== null) {
    const x = xOf(promotion.atUs);
    // Late in the year there is no room beside the line.
    const place =
      x > 0.8 * width ? `text-anchor="end" x="${width - right}" y="${row + 18}"` : `x="${px(x + 5)}" y="${row}"`;
    spans.push(
      `<line class="line-good thick" x1="${px(x)}" x2="${px(x)}" y1="${top}" y2="${row}"/>`,
      `<text class="strong" ${place}>version ${promotion.version} serves</text>`,
    );
  }
  return `${label}${marks.join('')}${spans.join('')}`;
}

/** The whole story in one picture: realised log-loss of each week with its interval, the share of late flights behind it, and what was done. */
export function timelineChart(story: Story, limit: number | null): string {
  const weeks = story.weeks.filter(({ days }) => days > fewestDays);
  const [low, high] = [0.2, Math.max(0.8, ...weeks.map(({ logLoss }) => logLoss.upper))];
  const floor = height - bottom;
  const y = (loss: number) => floor - ((loss - low) / (high - low)) * (floor - top);
  const bar = (share: number) => share * (floor - top);
  const parts: string[] = [];
  for (const [name, ms] of months) {
    const x = xOf(ms * 1000);
    parts.push(
      `<line class="axis" x1="${px(x)}" x2="${px(x)}" y1="${top}" y2="${floor + 6}"/><text class="strong" x="${px(x + 5)}" y="${floor + 20}">${name} 2013</text>`,
    );
  }
  for (const loss of [0.3, 0.4, 0.5, 0.6, 0.7]) {
    parts.push(
      `<line class="grid" x1="${left}" x2="${width - right}" y1="${px(y(loss))}" y2="${px(y(loss))}"/><text class="soft" text-anchor="end" x="${left - 6}" y="${px(y(loss) + 4)}">${loss}</text>`,
    );
  }
  for (const { fromUs, toUs, logLoss, lateShare } of weeks) {
    const [from, to] = [xOf(Math.max(fromUs, timeline.begins)), xOf(Math.min(toUs, endMs * 1000))];
    const x = (from + to) / 2;
    const isBeyond = limit !== null && logLoss.lower > limit;
    const tall = bar(lateShare);
    parts.push(
      `<rect class="band" x="${px(from + 3)}" width="${px(Math.max(1, to - from - 6))}" y="${px(floor - tall)}" height="${px(tall)}"/>`,
    );
    parts.push(
      `<text class="soft" text-anchor="middle" x="${px(x)}" y="${px(floor - 5)}">${Math.round(100 * lateShare)} %</text>`,
    );
    parts.push(
      `<line class="${isBeyond ? 'line-bad' : 'line-one'} thick" x1="${px(x)}" x2="${px(x)}" y1="${px(y(logLoss.lower))}" y2="${px(y(logLoss.upper))}"/>`,
    );
    parts.push(`<circle class="${isBeyond ? 'bad' : 'one'}" cx="${px(x)}" cy="${px(y(logLoss.estimate))}" r="5.5"/>`);
  }
  if (limit !== null)
    parts.push(
      `<line class="line-bad dash" x1="${left}" x2="${width - right}" y1="${px(y(limit))}" y2="${px(y(limit))}"/><text class="bad" text-anchor="end" x="${width - right}" y="${px(y(limit) - 6)}">limit ${limit}</text>`,
    );
  const title = `<text class="strong" x="0" y="16">Realised log-loss of each week, with its interval of 95 % over days; red: all of it beyond the limit</text>
<text class="soft" x="0" y="34">Shaded, with figures: share of the flights that were late. Below: monitors quiet (green) or speaking (red).</text>`;
  return svg(
    width,
    height,
    'Realised log-loss from October to December 2013',
    `${title}${parts.join('')}${events(story)}`,
  );
}
