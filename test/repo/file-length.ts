import { type Rule, sourcesOf } from './workspace.ts';

const mostLines = 300;

/** No TypeScript file is longer than a reader can hold. */
export const fileLength: Rule = {
  name: 'file-length',
  check: (workspace) =>
    sourcesOf(workspace)
      .map((file) => ({ file, lines: workspace.text(file).split('\n').length - 1 }))
      .filter(({ lines }) => lines > mostLines)
      .map(({ file, lines }) => `${file}: ${lines} lines; split it at ${mostLines}`),
};
