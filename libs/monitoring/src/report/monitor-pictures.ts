import { escapeHtml } from '@repo/training/report/html';
import type { Window } from '../window.ts';
import {
  type CalibrationPoint,
  calibrationPicture,
  type Distance,
  distanceChart,
  groupChart,
  type Point,
  timeChart,
} from './monitor-charts.ts';
import type { MonitorPage } from './monitor-page.ts';

const mostGroups = 30;
const mostDrifts = 20;

interface Picture {
  readonly caption: string;
  readonly wide?: boolean;
  readonly draw: () => Promise<string>;
}

async function figure({ caption, wide = false, draw }: Picture): Promise<string> {
  // The page is worth having without a picture: its tables hold the same numbers.
  const drawn = await draw().catch(() => '<p>These numbers cannot be drawn.</p>');
  return `<figure${wide ? ' class="wide"' : ''}>${drawn}<figcaption>${escapeHtml(caption)}</figcaption></figure>`;
}

/** Answers and shares of yes of all versions by span. */
function traffic(windows: readonly Window[]): { answers: Point[]; yes: Point[] } {
  const spans = [...Map.groupBy(windows, ({ fromUs }) => fromUs)].map(([atUs, ofSpan]) => ({
    atUs,
    rows: ofSpan.reduce((sum, { rows }) => sum + rows, 0),
    yes: ofSpan.reduce((sum, { yes }) => sum + yes, 0),
  }));
  return {
    answers: spans.map(({ atUs, rows }) => ({ atUs, value: rows })),
    yes: spans.flatMap(({ atUs, rows, yes }) => (rows === 0 ? [] : [{ atUs, value: yes / rows }])),
  };
}

/** Of the version with most labels in the span that quality rests on. */
function calibration({ windows, profiles, evidence }: MonitorPage): CalibrationPoint[] {
  const recent = windows.filter(({ fromUs }) => fromUs >= evidence.span.fromUs);
  const known = (version: string) =>
    recent.reduce((sum, window) => sum + (window.version === version ? window.labels.known : 0), 0);
  const [version] = [...profiles.keys()].sort((a, b) => known(b) - known(a));
  const edges = profiles.get(version ?? '')?.answers.edges ?? [];
  if (edges.length === 0) return [];
  const ends = [0, ...edges, 1];
  return ends.slice(1).flatMap((end, bin) => {
    const own = recent.filter((window) => window.version === version);
    const labels = own.reduce((sum, window) => sum + (window.labels.knownByAnswer[bin] ?? 0), 0);
    const yes = own.reduce((sum, window) => sum + (window.labels.positiveByAnswer[bin] ?? 0), 0);
    return labels === 0 ? [] : [{ predicted: (end + (ends[bin] as number)) / 2, observed: yes / labels }];
  });
}

function distances({ found }: MonitorPage): Distance[] {
  return found.findings
    .flatMap(({ kind, name, subject, value, limit }) =>
      kind !== 'data' || value === null || limit?.good !== 'at most' || limit.at === 0
        ? []
        : [{ name: `${name} ${subject ?? ''}`.trim().slice(0, 36), share: value / limit.at }],
    )
    .sort((a, b) => b.share - a.share)
    .slice(0, mostDrifts);
}

function qualityPictures(page: MonitorPage): Picture[] {
  const { evidence } = page;
  const { history, limits, task, business, groups } = evidence;
  const loss = task === 'binary' ? 'logLoss' : 'mae';
  const told = groups
    .filter(({ loss: { value }, dimension }) => value !== null && dimension !== 'decisions')
    .slice(0, mostGroups);
  const points = calibration(page);
  return [
    ...(history.length === 0
      ? []
      : [
          {
            caption: `${loss} of matured windows; the dashed line is the limit`,
            draw: () =>
              timeChart(
                history.map(({ fromUs, loss: value }) => ({ atUs: fromUs, value })),
                loss,
                limits[loss] ?? null,
              ),
          },
          ...business.map(({ metric }) => ({
            caption: `${metric.about}, ${metric.unit} per 1,000 decisions; the dashed line is the limit`,
            draw: () =>
              timeChart(
                history.map(({ fromUs, costs }) => ({ atUs: fromUs, value: costs[metric.name] ?? 0 })),
                metric.unit,
                metric.limit,
              ),
          })),
        ]),
    ...(points.length === 0
      ? []
      : [{ caption: 'Calibration on matured labels', draw: () => calibrationPicture(points) }]),
    ...(told.length === 0
      ? []
      : [{ caption: `${loss} by group, with intervals by day`, wide: true, draw: () => groupChart(told, loss) }]),
  ];
}

/** All pictures of a page as HTML figures with SVG inside; empty where nothing was seen. */
export async function monitorPictures(page: MonitorPage): Promise<string> {
  const { answers, yes } = traffic(page.windows);
  const drifts = distances(page);
  const pictures: Picture[] = [
    ...qualityPictures(page),
    ...(answers.length === 0
      ? []
      : [
          { caption: 'Answers by window', draw: () => timeChart(answers, 'answers', null) },
          { caption: 'Share of answers that decided yes', draw: () => timeChart(yes, 'share', null) },
        ]),
    ...(drifts.length === 0
      ? []
      : [
          {
            caption: 'Live input: how near each measure is to its limit',
            wide: true,
            draw: () => distanceChart(drifts),
          },
        ]),
  ];
  const figures = await Promise.all(pictures.map(figure));
  return figures.length === 0 ? '' : `<div class="charts">${figures.join('\n')}</div>`;
}
