import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Workspace } from './workspace.ts';

const everyMs = 10_000;

/** Says by a file, `.causeway/following/<source>`, that what follows a source is ready and goes on: it is written again every ten seconds, and gone at the end. */
export function startHeartbeat({ root }: Workspace, source: string): { stop(): void } {
  const folder = join(root, '.causeway', 'following');
  const path = join(folder, source);
  const beat = () => {
    try {
      mkdirSync(folder, { recursive: true });
      writeFileSync(path, '');
    } catch {
      // Whoever looks finds an old file, and that is what there is to say.
    }
  };
  beat();
  const timer = setInterval(beat, everyMs).unref();
  return {
    stop() {
      clearInterval(timer);
      rmSync(path, { force: true });
    },
  };
}
