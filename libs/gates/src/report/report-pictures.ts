import type { GateReport } from '@repo/contract/gate-report';
import { escapeHtml } from '@repo/training/report/html';
import { curveChart, limitChart } from './report-charts.ts';
import { worstMeasured } from './report-rows.ts';

const mostSlices = 30;
const mostDrifts = 20;

interface Picture {
  caption: string;
  /** Takes the page's whole width. */
  wide?: boolean;
  draw(): Promise<string>;
}

/** Numbers too far apart for a scale end up as these in a coordinate. Texts of the report stand outside of these attributes. */
const undrawn = / (?:d|transform|[xy][12]?|width|height|viewBox)="[^"]*(?:NaN|Infinity)/;

async function figure({ caption, wide = false, draw }: Picture): Promise<string> {
  const drawn = await draw().catch(() => '');
  // The page is worth having without it: its tables hold the same numbers.
  const picture = drawn === '' || undrawn.test(drawn) ? '<p>These numbers cannot be drawn.</p>' : drawn;
  return `<figure${wide ? ' class="wide"' : ''}>${picture}<figcaption>${escapeHtml(caption)}</figcaption></figure>`;
}

/** Slices as a forest plot and drifts as bars: what compares one number after the other with a limit. */
function limitPictures(report: GateReport): { slices: Picture[]; drifts: Picture[] } {
  const slices = worstMeasured(report, 'slices', mostSlices);
  const drifts = worstMeasured(report, 'reference-drift', mostDrifts);
  return {
    slices: [
      {
        caption: `Slices, the ${slices.length} worst, with their intervals; the black tick is the limit, and right of it is worse`,
        wide: true,
        draw: () => limitChart(slices, { x: 'how much worse, relative' }),
      },
    ].slice(0, slices.length),
    drifts: [
      {
        caption: `Drift, the ${drifts.length} largest; the black tick is the limit`,
        wide: true,
        draw: () => limitChart(drifts, { x: 'PSI', bars: true }),
      },
    ].slice(0, drifts.length),
  };
}

function curvePictures({ pictures: { roc, calibration, latencyMs } }: GateReport): Picture[] {
  const pictures: Picture[] = [];
  if (roc !== null) {
    const draw = () => curveChart(roc, { x: 'false positive rate', y: 'true positive rate', diagonal: true });
    pictures.push({ caption: 'ROC curve on the test rows', draw });
  }
  if (calibration !== null) {
    const caption = 'Calibration on the test rows: on the dotted line, a predicted 30 % happens 30 % of the time';
    const draw = () =>
      curveChart(calibration, { x: 'mean predicted probability', y: 'observed share', diagonal: true });
    pictures.push({ caption, draw });
  }
  if (latencyMs !== null) {
    const caption = 'Time of one row in process: that share of the rows takes at most so long';
    pictures.push({ caption, draw: () => curveChart(latencyMs, { x: 'share of rows', y: 'ms' }) });
  }
  return pictures;
}

/** All pictures of a report as HTML figures with SVG inside; empty where it holds nothing to draw. */
export async function reportPictures(report: GateReport): Promise<string> {
  const { slices, drifts } = limitPictures(report);
  const figures = await Promise.all([...slices, ...curvePictures(report), ...drifts].map(figure));
  return figures.length === 0 ? '' : `<div class="charts">${figures.join('\n')}</div>`;
}
