import { parse, View } from 'vega';
import { compile, type TopLevelSpec } from 'vega-lite';

/**
 * Draws a Vega-Lite chart as an SVG text, with no browser and no network. 440 px wide with axes and labels, so that two stand side by side,
 * and 280 px high without its axes unless the chart says otherwise.
 */
export async function chart(spec: TopLevelSpec): Promise<string> {
  const styled = {
    width: 440,
    height: 280,
    autosize: { type: 'fit-x', contains: 'padding' },
    background: 'white',
    config: { font: 'system-ui, sans-serif', view: { stroke: '#ddd' } },
    ...spec,
  } as TopLevelSpec;
  const view = new View(parse(compile(styled).spec), { renderer: 'none' });
  try {
    return await view.toSVG();
  } finally {
    view.finalize();
  }
}
