import { mkdir } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import writeFileAtomic from 'write-file-atomic';
import { checkoutDir, createDemoWorkspace } from './demo-workspace.ts';
import { createLiveView } from './live-view.ts';
import { renderPage } from './page/render-page.ts';
import { runDemo } from './run-demo.ts';

// `npm run demo [-- --out <folder>]`: plays the loop on this machine and writes index.html and demo.json. Exit code 0 played, 2 wrong use.
const begun = performance.now();
const secondsNow = (): number => (performance.now() - begun) / 1000;

try {
  const { values } = parseArgs({
    options: { out: { type: 'string', default: join(checkoutDir, '.causeway', 'demo') } },
  });
  const view = createLiveView(process.stderr, secondsNow);
  const workspace = await createDemoWorkspace('flight-delay');
  try {
    const story = await runDemo(workspace, view, secondsNow);
    const folder = resolve(values.out);
    await mkdir(folder, { recursive: true });
    await writeFileAtomic(join(folder, 'demo.json'), `${JSON.stringify(story, null, 1)}\n`);
    await writeFileAtomic(join(folder, 'index.html'), renderPage(story));
    view.stop();
    process.stdout.write(`${relative(process.cwd(), join(folder, 'index.html'))}\n`);
  } finally {
    view.stop();
    await workspace.remove();
  }
} catch (error) {
  if (!(error as NodeJS.ErrnoException).code?.startsWith('ERR_PARSE_ARGS')) throw error;
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 2;
}
