import type { Dashboard } from '@repo/components/watch/dashboards/dashboard';
import type { Series } from './prometheus.ts';
import { shownValue } from './shown-value.ts';

export type Panel = Dashboard['panels'][number];
/** What each query of a panel found, in their order. */
export type PanelData = readonly (readonly Series[])[];

interface Line {
  readonly name: string;
  readonly points: readonly (readonly [number, number])[];
}

/** Okabe and Ito's colours, told apart by colour-blind people. */
const colours = ['#0072b2', '#e69f00', '#009e73', '#cc79a7', '#56b4e9', '#d55e00'];

const escaped = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/"/g, '&quot;');
const text = (x: number, y: number, content: string, style: string): string =>
  `<text x="${x}" y="${y}" ${style}>${escaped(content)}</text>`;

function linesOf(panel: Panel, data: PanelData): Line[] {
  return panel.targets.flatMap(({ legendFormat }, i) =>
    (data[i] ?? []).map(({ metric, values }) => ({
      name: legendFormat.replace(/\{\{(\w+)\}\}/g, (_, label: string) => metric[label] ?? ''),
      points: values
        .map(([at, value]): [number, number] => [at, Number(value)])
        .filter(([, value]) => Number.isFinite(value)),
    })),
  );
}

/** Names without the words that all of them begin with, which say nothing. */
function shortened(lines: readonly Line[]): Line[] {
  const words = lines.map(({ name }) => name.split(' '));
  const most = Math.min(...words.map(({ length }) => length - 1));
  let same = 0;
  while (lines.length > 1 && same < most && words.every((one) => one[same] === words[0]?.[same])) same++;
  return lines.map((line, i) => ({ ...line, name: words[i]?.slice(same).join(' ') ?? '' }));
}

const limitOf = (panel: Panel): number | undefined =>
  panel.fieldConfig.defaults.thresholds.steps[1]?.value ?? undefined;

function statPicture(panel: Panel, lines: readonly Line[], h: number): string {
  const { unit, thresholds } = panel.fieldConfig.defaults;
  const value = lines[0]?.points.at(-1)?.[1] ?? Number.NaN;
  const step = thresholds.steps.findLast((one) => one.value === null || value >= one.value);
  const fill = step?.color === 'red' ? '#b3261e' : '#1b7f4b';
  return text(12, h - 22, shownValue(value, unit), `font-size="30" font-weight="600" fill="${fill}"`);
}

function coursePicture(
  panel: Panel,
  lines: readonly Line[],
  w: number,
  h: number,
  [from, to]: readonly [number, number],
): string {
  const { unit } = panel.fieldConfig.defaults;
  const limit = limitOf(panel);
  const [left, right, top, bottom] = [64, w - 12, 34, h - 34];
  const values = lines.flatMap(({ points }) => points.map(([, value]) => value));
  const most = Math.max(...values, limit === undefined ? 0 : 1.1 * limit) || 1;
  const x = (at: number): number => Math.round(left + ((right - left) * (at - from)) / (to - from));
  const y = (value: number): number => Math.round(bottom - ((bottom - top) * value) / most);
  const small = 'font-size="11" fill="#6b7280"';
  const scale = [0, 0.5, 1].flatMap((part) => [
    `<path d="M${left} ${y(part * most)}H${right}" stroke="#e5e7eb"/>`,
    text(left - 6, y(part * most) + 4, shownValue(part * most, unit), `${small} text-anchor="end"`),
  ]);
  const shown = lines.slice(0, colours.length);
  const courses = shown.map(
    ({ points }, i) =>
      `<path d="${points.map(([at, value], n) => `${n === 0 ? 'M' : 'L'}${x(at)} ${y(value)}`).join('')}" fill="none" stroke="${colours[i]}" stroke-width="1.5"/>`,
  );
  const width = Math.floor((right - 12) / Math.max(1, shown.length));
  const longest = Math.max(4, Math.floor(width / 6.2) - 2);
  const legend = shown.flatMap(({ name }, i) => [
    `<rect x="${12 + i * width}" y="${h - 18}" width="8" height="8" fill="${colours[i]}"/>`,
    text(24 + i * width, h - 10, name.length > longest ? `${name.slice(0, longest - 1)}…` : name, small),
  ]);
  const more =
    lines.length > shown.length
      ? [text(right, 20, `and ${lines.length - shown.length} more`, `${small} text-anchor="end"`)]
      : [];
  const line =
    limit === undefined ? [] : [`<path d="M${left} ${y(limit)}H${right}" stroke="#b3261e" stroke-dasharray="5 3"/>`];
  return [...scale, ...line, ...courses, ...legend, ...more].join('');
}

/** A panel as SVG, `w` by `h` pixels, over a span of time in seconds since 1970. Its text about itself shows when it is pointed at. */
export function panelPicture(
  panel: Panel,
  data: PanelData,
  [w, h]: readonly [number, number],
  span: readonly [number, number],
): string {
  const lines = shortened(linesOf(panel, data));
  const inner = panel.type === 'stat' ? statPicture(panel, lines, h) : coursePicture(panel, lines, w, h, span);
  const frame = `<title>${escaped(panel.description)}</title><rect width="${w}" height="${h}" rx="4" fill="#fff" stroke="#d1d5db"/>`;
  return `${frame}${text(12, 20, panel.title, 'font-size="13" font-weight="600" fill="#111827"')}${inner}`;
}
