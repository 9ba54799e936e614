import { expect, test } from 'vitest';
import { createLogger } from './logger.ts';

function collect(level: 'info' | 'debug') {
  const lines: string[] = [];
  const logger = createLogger({ level, to: { write: (line: string) => lines.push(line) } });
  return { logger, lines };
}

test('each line is one JSON object with level, UTC time, fields and message', () => {
  const { logger, lines } = collect('info');
  logger.info({ model: 'm' }, 'loaded');
  expect(lines).toHaveLength(1);
  const { time, ...rest } = JSON.parse(lines[0] as string);
  expect(rest).toEqual({ level: 'info', model: 'm', msg: 'loaded' });
  expect(time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
});

test('lines below the level are not written', () => {
  const { logger, lines } = collect('info');
  logger.debug('quiet');
  expect(lines).toEqual([]);
});

test('an error is logged with its stack', () => {
  const { logger, lines } = collect('debug');
  logger.error({ err: new Error('broken') }, 'failed');
  expect(JSON.parse(lines[0] as string).err.stack).toContain('Error: broken');
});
