import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Workspace } from './workspace.ts';

const everyMs = 10_000;

/** Says by a file, `.causeway/following/<source>`, that what follows a source is ready and goes on. */
interface Heartbeat {
  /** Says so from now on: the file is written again every ten seconds. */
  start(): void;
  /** The file is gone afterwards. */
  stop(): void;
}

/** Makes the heartbeat of a source, which says nothing yet: what one that was killed left behind is taken away, lest it speak for this one. */
export function createHeartbeat({ root }: Workspace, source: string): Heartbeat {
  const folder = join(root, '.causeway', 'following');
  const path = join(folder, source);
  let timer: NodeJS.Timeout | undefined;
  const beat = () => {
    try {
      mkdirSync(folder, { recursive: true });
      writeFileSync(path, '');
    } catch {
      // Whoever looks finds an old file, and that is what there is to say.
    }
  };
  const stop = () => {
    clearInterval(timer);
    rmSync(path, { force: true });
  };
  stop();
  return {
    start() {
      beat();
      timer = setInterval(beat, everyMs).unref();
    },
    stop,
  };
}
