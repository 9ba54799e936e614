/** Where progress goes; standard error, so that output stays clean. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** What a person sees while the demo runs. */
export interface LiveView {
  /** Begins a chapter of the story. */
  chapter(title: string): void;
  /** A line that stays: something was found or done. */
  say(line: string): void;
  /** How far the chapter is, 0 to 1, and what happens just now. */
  progress(share: number, note: string): void;
  /** Clears what is drawn in place. */
  stop(): void;
}

const barWidth = 30;
const clock = (seconds: number): string =>
  `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`;

/** A line that is drawn again and again on a terminal; elsewhere plain lines, of progress one at each quarter. */
export function createLiveView(stream: ProgressStream, secondsNow: () => number): LiveView {
  const isTerminal = stream.isTTY === true;
  let isDrawn = false;
  let quarter = 0;
  const clear = (): string => {
    const text = isDrawn ? '\r\x1b[K' : '';
    isDrawn = false;
    return text;
  };
  const line = (text: string) => stream.write(`${clear()}${clock(secondsNow()).padStart(5)}  ${text}\n`);
  return {
    chapter: (title) => {
      quarter = 0;
      line(isTerminal ? `\x1b[1m${title}\x1b[0m` : title);
    },
    say: (text) => line(`  ${text}`),
    progress: (share, note) => {
      if (isTerminal) {
        const full = Math.round(barWidth * share);
        const bar = `${'█'.repeat(full)}${'░'.repeat(barWidth - full)}`;
        const text = `${clock(secondsNow()).padStart(5)}    ${bar} ${note}`.slice(0, 110);
        stream.write(`${clear()}${text}`);
        isDrawn = true;
        return;
      }
      const reached = Math.floor(4 * share);
      if (reached <= quarter) return;
      quarter = reached;
      line(`  ${note}`);
    },
    stop: () => {
      stream.write(clear());
    },
  };
}
