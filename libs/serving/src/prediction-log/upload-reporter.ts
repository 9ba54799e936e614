import type { RoundOutcome } from './house-round.ts';

/** What became of files of the log. `failed`: tried again later. `dropped`: removed for space before they were uploaded. */
export type FileResult = 'uploaded' | 'failed' | 'dropped';

export interface UploadReporterOptions {
  readonly count: (result: FileResult, files: number) => void;
  readonly warn: (message: string) => void;
  /** Starts another round. */
  readonly again: () => void;
}

/** Hears of each round of uploads. */
export interface UploadReporter {
  heard(round: RoundOutcome): void;
  /** Asks for no more rounds. */
  close(): void;
}

/** Pause after the first failed round; each further one waits twice as long, up to the longest. Within a round a request is sent three times. */
const [firstPauseMs, longestPauseMs] = [30_000, 600_000] as const;

/** Counts files, says once that they cannot be uploaded and once that they can again, and asks for another round meanwhile. */
export function createUploadReporter({ count, warn, again }: UploadReporterOptions): UploadReporter {
  let failures = 0;
  let pause: NodeJS.Timeout | undefined;
  return {
    heard: ({ files, failure, dropped }) => {
      clearTimeout(pause);
      if (files > 0) count('uploaded', files);
      if (dropped > 0) count('dropped', dropped);
      if (failure === null) {
        if (failures > 0 && files > 0) warn('prediction log: its files can be uploaded again');
        if (files > 0) failures = 0;
        return;
      }
      count('failed', 1);
      if (failures === 0)
        warn(`prediction log: cannot be uploaded, its files are kept here until they can: ${failure}`);
      pause = setTimeout(again, Math.min(firstPauseMs * 2 ** failures, longestPauseMs)).unref();
      failures += 1;
    },
    close: () => clearTimeout(pause),
  };
}
