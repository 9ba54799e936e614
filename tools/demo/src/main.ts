import { mkdir } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import writeFileAtomic from 'write-file-atomic';
import { checkoutDir, createDemoWorkspace } from './demo-workspace.ts';
import { createLiveView } from './live-view.ts';
import { limitOf, renderPage } from './page/render-page.ts';
import { timelineChart } from './page/timeline-chart.ts';
import { runDemo } from './run-demo.ts';
import type { Story } from './story.ts';

// `npm run demo [-- --out <folder>]`: plays the loop on this machine and writes index.html, demo.json and timeline.svg. Exit code 0: every step ran;
// 1: one could not, and the page says which; 2: wrong use.
const begun = performance.now();
const secondsNow = (): number => (performance.now() - begun) / 1000;
const model = 'flight-delay';

async function writeStory(folder: string, story: Story): Promise<string> {
  await mkdir(folder, { recursive: true });
  const page = join(folder, 'index.html');
  await writeFileAtomic(join(folder, 'demo.json'), `${JSON.stringify(story, null, 1)}\n`);
  await writeFileAtomic(join(folder, 'timeline.svg'), `${timelineChart(story, limitOf(story))}\n`);
  await writeFileAtomic(page, renderPage(story));
  return page;
}

// Whoever interrupts it wants nothing to stay: services, commands and folders go as the process exits.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));

try {
  const { values } = parseArgs({
    options: { out: { type: 'string', default: join(checkoutDir, '.causeway', 'demo') } },
  });
  const view = createLiveView(process.stderr, secondsNow);
  const workspaces = await Promise.all([createDemoWorkspace(model), createDemoWorkspace(model)]);
  try {
    const [workspace, sabotaged] = workspaces;
    const story = await runDemo({ workspace, sabotaged, view, secondsNow });
    const page = await writeStory(resolve(values.out), story);
    view.stop();
    for (const { step, why } of story.notRun) process.stderr.write(`not run: ${step}: ${why}\n`);
    process.stdout.write(`${relative(process.cwd(), page)}\n`);
    process.exitCode = story.notRun.length === 0 ? 0 : 1;
  } finally {
    view.stop();
    for (const one of workspaces) one.remove();
  }
} catch (error) {
  if (!(error as NodeJS.ErrnoException).code?.startsWith('ERR_PARSE_ARGS')) throw error;
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 2;
}
