import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { writeLoggedAnswers } from '../fixtures/logged-answers.ts';
import { compactSegment } from './compact-segment.ts';
import { exampleEvent } from './fixtures/example-event.ts';
import { readParquet } from './fixtures/read-log.ts';
import { parquetOfLog } from './parquet-of-log.ts';
import { readSegmentName } from './segment-name.ts';

function folder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'log-'));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  return dir;
}
const atMs = Date.UTC(2024, 0, 1);
const answers = (...ids: string[]) => ids.map((id) => ({ event: exampleEvent(id), atMs }));

test('answers of a model are found wherever they lie: compacted, closed, and in a segment that is being written', async () => {
  const [dir, out] = [folder(), folder()];
  const compacted = writeLoggedAnswers(dir, answers('a'), { number: 1 });
  compactSegment(dir, readSegmentName(compacted.split('/').at(-1) as string)?.name as string);
  const other = { event: exampleEvent('x', { model: 'other' }), atMs };
  writeLoggedAnswers(dir, [...answers('b'), other], { number: 2 });
  const open = writeLoggedAnswers(dir, answers('c', 'd'), { number: 3, open: true });
  const before = readFileSync(open);
  const { files, damaged } = parquetOfLog(dir, 'example', out);
  const rows = (await Promise.all(files.map(readParquet))).flat();
  expect({ ids: rows.map(({ id }) => id).sort(), damaged }).toEqual({ ids: ['a', 'b', 'c', 'd'], damaged: 0 });
  expect(readFileSync(open)).toEqual(before);
});

test('a damaged line is counted and left out, and a log of nothing gives nothing', () => {
  const [dir, out] = [folder(), folder()];
  expect(parquetOfLog(dir, 'example', out)).toEqual({ files: [], damaged: 0 });
  appendFileSync(writeLoggedAnswers(dir, answers('a', 'b')), '{"no":"event"}\n');
  const { files, damaged } = parquetOfLog(dir, 'example', out);
  expect({ files: files.length, damaged }).toEqual({ files: 1, damaged: 1 });
});
