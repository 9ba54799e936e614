import type { Source } from '@repo/contract/source';
import type { Appended } from '@repo/datasets/lake/append-batch';
import type { BatchStream } from '@repo/datasets/lake/batch-stream';
import { UnreadableBatch } from '@repo/datasets/lake/unreadable-batch';
import type { Lake } from '@repo/datasets/open-lake';
import type { Context } from './context.ts';
import { createHeartbeat } from './heartbeat.ts';
import { openOnlineKeeper } from './keep-online.ts';

/**
 * Appends what comes from a stream until somebody wants the command to end. A batch is acknowledged once it is visible in the lake and
 * online, or refused for good: whoever is killed in between does it again, and doing it again changes nothing.
 */
export async function followStream(
  context: Context,
  source: Source,
  lake: Lake,
  stream: BatchStream,
  say: (done: Appended, refreshed: number) => void,
): Promise<void> {
  const heartbeat = createHeartbeat(context.workspace, source.name);
  const ready = async () => {
    await lake.open();
    return openOnlineKeeper(context, source, lake);
  };
  const keeper = await ready().catch(async (error: unknown) => {
    await stream.close();
    throw error;
  });
  heartbeat.start();
  context.progress.line(`${source.name}: ready for batches`);
  void context.untilStopped().then(() => stream.close());
  try {
    for (let batch = await stream.next(); batch !== null; batch = await stream.next()) {
      let keptOut: readonly number[] = [];
      try {
        const appended = await lake.append(batch, Date.now() * 1000);
        say(appended, await keeper.refresh(appended));
        keptOut = appended.keptOut;
      } catch (error) {
        if (!(error instanceof UnreadableBatch)) throw error;
        context.progress.line(`not taken: ${error.message}`);
        await stream.refuse?.(batch, error.message);
      }
      await stream.acknowledge(batch, keptOut);
    }
  } finally {
    heartbeat.stop();
    await stream.close();
    keeper.close();
  }
}
