import { parse, View } from 'vega';
import { compile, type TopLevelSpec } from 'vega-lite';

/** Draws a Vega-Lite chart as an SVG text, with no browser and no network. */
export async function chart(spec: Omit<TopLevelSpec, '$schema'>): Promise<string> {
  const styled = {
    width: 420,
    height: 280,
    background: 'white',
    config: { font: 'system-ui, sans-serif', view: { stroke: '#ddd' } },
    ...spec,
  };
  const view = new View(parse(compile(styled as TopLevelSpec).spec), { renderer: 'none' });
  try {
    return await view.toSVG();
  } finally {
    view.finalize();
  }
}
