import type { ProgressStream } from '../progress.ts';

/** Shows what changes: in place on a terminal, as lines elsewhere. */
export interface LiveView {
  /** Replaces what is shown. Elsewhere than on a terminal only lines that are new are written. */
  show(lines: readonly string[]): void;
  /** Writes a line that stays. */
  say(line: string): void;
}

const width = 160;
const clip = (line: string): string => (line.length <= width ? line : `${line.slice(0, width - 1)}…`);

/** Clocks and counts change at every look: they are no news. */
const newsOf = (line: string): string => line.replace(/\d+:\d\d(:\d\d)?/g, '');

export function createLiveView(stream: ProgressStream): LiveView {
  if (stream.isTTY !== true) {
    let shown = new Set<string>();
    return {
      show: (lines) => {
        for (const line of lines) if (!shown.has(newsOf(line))) stream.write(`${line}\n`);
        shown = new Set(lines.map(newsOf));
      },
      say: (line) => stream.write(`${line}\n`),
    };
  }
  let last: readonly string[] = [];
  const clear = (): string => (last.length === 0 ? '' : `\x1b[${last.length}A\x1b[J`);
  const show = (lines: readonly string[]): void => {
    const clipped = lines.map(clip);
    stream.write(`${clear()}${clipped.map((line) => `${line}\n`).join('')}`);
    last = clipped;
  };
  return {
    show,
    say: (line) => {
      stream.write(`${clear()}${line}\n`);
      const again = last;
      last = [];
      show(again);
    },
  };
}
