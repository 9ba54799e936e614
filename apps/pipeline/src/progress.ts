import type { StepProgress } from '@repo/training/step-progress';
import { SingleBar } from 'cli-progress';

/** Where progress goes; standard error, so that output stays clean. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** Progress of a command: steps with parts, and single lines in between. */
export interface Progress extends StepProgress {
  line(text: string): void;
  /** Ends the bar of the last step. */
  stop(): void;
}

/** A bar on a terminal; elsewhere a plain line when a step begins, and one at each tenth of a long one. */
export function createProgress(stream: ProgressStream): Progress {
  if (stream.isTTY !== true) return createPlainProgress(stream);
  let bar: SingleBar | null = null;
  const stop = () => {
    bar?.stop();
    bar = null;
  };
  return {
    start: (step, total) => {
      stop();
      bar = new SingleBar({
        format: '{step} [{bar}] {value}/{total} {note}',
        stream: stream as NodeJS.WritableStream,
        hideCursor: true,
        barsize: 30,
      });
      bar.start(total, 0, { step: step.padEnd(14), note: '' });
    },
    update: (done, note = '') => bar?.update(done, { note }),
    line: (text) => {
      stop();
      stream.write(`${text}\n`);
    },
    stop,
  };
}

function createPlainProgress(stream: ProgressStream): Progress {
  let current = { step: '', total: 1, tenth: 0 };
  return {
    start: (step, total) => {
      current = { step, total, tenth: 0 };
      stream.write(`${step}\n`);
    },
    update: (done, note = '') => {
      const tenth = Math.floor((10 * done) / current.total);
      if (current.total < 20 || tenth === current.tenth) return;
      current.tenth = tenth;
      stream.write(`${current.step} ${done}/${current.total} ${note}\n`);
    },
    line: (text) => stream.write(`${text}\n`),
    stop: () => {},
  };
}
