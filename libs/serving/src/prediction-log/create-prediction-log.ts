import { hostname } from 'node:os';
import { ServiceError } from '@repo/contract/service-error';
import type { PredictionLog } from '../prediction-log.ts';
import type { EventBatch } from './event-batch.ts';
import { createEventWriter, type EventLine } from './event-line.ts';
import { createEventQueue } from './event-queue.ts';
import { createHousekeeper } from './housekeeper.ts';
import { createRecentLines } from './recent-lines.ts';
import { createSegmentWriter } from './segment-writer.ts';
import type { FileResult } from './upload-reporter.ts';

/**
 * What became of an event. `written`: it is in the log, whole. `dropped_size`: it is, but without its data, which was over 64 KiB.
 * `dropped_queue`: it is not, too much waited for the disk already. `failed`: it is not, the disk did not take it; or its data was no JSON.
 */
export type LogResult = EventLine['result'] | 'dropped_queue';

export interface PredictionLogOptions {
  /** Folder of the log; made when missing. Several processes may share one. */
  readonly dir: string;
  /** Answers wait until their event is on the disk. Default: false. */
  readonly durable?: boolean;
  /** Variant of an experiment or release that this process serves, as it is at the moment. Default: stable. */
  readonly variant?: () => string;
  /** Hash of the pod's template, which tells the sides of a release apart for good. Default and null: no pod. */
  readonly podHash?: string | null;
  /** Whether the newest events can be asked for too. Default: false. */
  readonly keepsRecent?: boolean;
  /** Most that is held on its way to the disk. Default: 64 MiB and 100,000 events. */
  readonly maxQueueBytes?: number;
  readonly maxQueueEvents?: number;
  /** A segment is closed at this size or age. Default: 8 MiB, 5 minutes. */
  readonly segmentBytes?: number;
  readonly segmentMs?: number;
  /** Most bytes of closed files; beyond it the oldest go. Default: 1 GiB. */
  readonly maxDiskBytes?: number;
  /** CAUSEWAY_STATE: where it is in S3, compacted files go there as they are made, and only then from the disk. Default: they stay. */
  readonly stateUrl?: string;
  readonly count: (result: LogResult, events: number) => void;
  /** Hears of files that are to be uploaded. Default: nobody does. */
  readonly countFiles?: (result: FileResult, files: number) => void;
  readonly warn: (message: string) => void;
}

/** How often an idle log looks after its segment. */
const tickMs = 10_000;
/** Longest that leaving waits for the last segment to be compacted and uploaded: within the 5 s that a pod has beyond its grace time. */
const lastRoundMs = 4000;

/** An answer that must not go out, since a durable log lacks it. */
const notLogged = (received: string, cause?: unknown): ServiceError =>
  new ServiceError(
    'no_answer',
    {
      path: 'prediction log',
      received,
      allowed: 'answers that are in the log, which is durable',
      action: 'try again; whoever runs the service finds the reason in its log',
    },
    cause,
  );

/** Says once that the disk takes nothing, and once that it does again. */
function createReporter(warn: (message: string) => void) {
  let failing = false;
  return {
    failed: (error: unknown): void => {
      if (!failing) warn(`prediction log: cannot be written, its events are lost until it can: ${error}`);
      failing = true;
    },
    worked: (): void => {
      if (failing) warn('prediction log: can be written again');
      failing = false;
    },
  };
}

/**
 * Opens a log of predictions: CloudEvents as lines in segments of `dir`, which a thread compacts to Parquet. It writes no file before the first
 * event and never throws: what the disk refuses is counted, said once, and tried again with the next events.
 */
export function createPredictionLog(options: PredictionLogOptions): PredictionLog {
  const { dir, durable = false, count, warn, maxQueueBytes = 64 * 2 ** 20, maxQueueEvents = 100_000 } = options;
  const { segmentBytes = 8 * 2 ** 20, segmentMs = 300_000, maxDiskBytes = 2 ** 30 } = options;
  const { variant = () => 'stable', podHash = null } = options;
  const source = `/inference/${hostname()}`;
  const recent = options.keepsRecent === true ? createRecentLines() : undefined;
  const { stateUrl = 'file:', countFiles = () => {} } = options;
  const isUploaded = stateUrl.startsWith('s3:');
  const house = createHousekeeper({ dir, maxDiskBytes, stateUrl: isUploaded ? stateUrl : null, countFiles, warn });
  const writer = createSegmentWriter({ dir, durable, segmentBytes, segmentMs, closed: house.run });
  const reporter = createReporter(warn);
  let last: Promise<void> = Promise.resolve();
  /** Does what touches the segments, one after the other. */
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    last = last.then(work).catch(reporter.failed);
    return last;
  };

  const store = (batch: EventBatch): Promise<void> =>
    inTurn(async () => {
      try {
        await writer.write(batch.chunks);
      } catch (error) {
        count('failed', batch.events);
        batch.stored.reject(notLogged('an answer that could not be logged', error));
        throw error;
      }
      reporter.worked();
      for (const [result, events] of Object.entries(batch.counts)) {
        if (events > 0) count(result as LogResult, events);
      }
      batch.stored.resolve();
    });

  const queue = createEventQueue({
    durable,
    maxBytes: maxQueueBytes,
    maxEvents: maxQueueEvents,
    writeEvent: createEventWriter({
      source,
      podHash,
      get variant() {
        return variant();
      },
    }),
    keep: recent?.keep,
    store,
  });
  const tick = setInterval(() => void inTurn(writer.tick), tickMs).unref();
  void house.runIfNeeded();

  const refuse = (result: LogResult, received: string): Promise<void> | undefined => {
    count(result, 1);
    if (!durable) return undefined;
    const refused = Promise.reject(notLogged(received));
    // Whoever does not wait for it is not to end the process.
    refused.catch(() => undefined);
    return refused;
  };
  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    clearInterval(tick);
    // First, so that the last segment is left to the next start instead of a thread that this process would wait for.
    const stopped = house.stop();
    await queue.empty();
    await inTurn(writer.close);
    // A pod's disk goes with it, and no next start would find the last segment.
    await (isUploaded ? house.finish(lastRoundMs) : stopped);
  };
  return {
    recent: recent?.page,
    append: (event) => {
      if (closing !== undefined) return refuse('failed', 'an answer after the log was closed');
      const batch = queue.add(event);
      if (batch === null) return refuse('dropped_queue', 'an answer while too many wait to be logged');
      return durable ? batch.stored.promise : undefined;
    },
    close: () => {
      closing ??= close();
      return closing;
    },
  };
}
