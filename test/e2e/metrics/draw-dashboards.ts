import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Dashboard } from '@repo/components/watch/dashboards/dashboard';
import { panelPicture } from './panel-picture.ts';
import type { Prometheus } from './prometheus.ts';

/** Pixels of a cell of Grafana's grid, and between panels. */
const cell = { w: 40, h: 26 };
const gap = 8;

async function picture(dashboard: Dashboard, prometheus: Prometheus, seconds: number): Promise<string> {
  const now = Date.now() / 1000;
  const stepSeconds = Math.max(1, Math.round(seconds / 60));
  const panels: string[] = [];
  for (const panel of dashboard.panels) {
    const data = [];
    for (const { expr } of panel.targets) data.push(await prometheus.range(expr, seconds, stepSeconds));
    const { x, y, w, h } = panel.gridPos;
    const size = [w * cell.w - gap, h * cell.h - gap] as const;
    const inner = panelPicture(panel, data, size, [now - seconds, now]);
    panels.push(`<g transform="translate(${x * cell.w + gap / 2} ${y * cell.h + gap / 2})">${inner}</g>`);
  }
  const rows = Math.max(...dashboard.panels.map(({ gridPos: { y, h } }) => y + h));
  const box = `width="${24 * cell.w}" height="${rows * cell.h}" viewBox="0 0 ${24 * cell.w} ${rows * cell.h}"`;
  const background = '<rect width="100%" height="100%" fill="#f3f4f6"/>';
  return `<svg xmlns="http://www.w3.org/2000/svg" ${box} font-family="system-ui, sans-serif"><title>${dashboard.title}</title>${background}${panels.join('')}</svg>\n`;
}

/**
 * Draws dashboards with what Prometheus holds of the last `seconds`: a picture each in `folder`, and a page that shows them all. Drawn here and
 * not by Grafana, so colours and spacing are not Grafana's; panels, queries, units and limits are.
 */
export async function drawDashboards(
  dashboards: readonly Dashboard[],
  prometheus: Prometheus,
  folder: string,
  seconds: number,
): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const sections: string[] = [];
  for (const dashboard of dashboards) {
    const file = `${dashboard.uid.replace(/^causeway-/, '')}.svg`;
    writeFileSync(join(folder, file), await picture(dashboard, prometheus, seconds));
    sections.push(`<h2>${dashboard.title}</h2>\n<img src="${file}" alt="${dashboard.title}" width="960">`);
  }
  const head = '<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n<title>Dashboards</title>';
  const body = '<body style="font-family: system-ui, sans-serif; max-width: 960px; margin: 2em auto">';
  writeFileSync(
    join(folder, 'index.html'),
    `${head}\n${body}\n<h1>Dashboards</h1>\n${sections.join('\n')}\n</body>\n</html>\n`,
  );
}
