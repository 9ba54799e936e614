import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { consoleTable } from './console-table.ts';
import { exampleResults } from './fixtures/example-results.ts';

describe.each(Object.entries(exampleResults()))('the %s report', (name, result) => {
  test('reads as the golden file does on a terminal, without a control sequence or a line that begins with a report text', async () => {
    const table = consoleTable(result);
    for (const line of table.trimEnd().split('\n'))
      expect(line).toMatch(/^$|^(?:pass|warn|fail|inconclusive|not applicable)\b/);
    expect(table.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    await expect(table).toMatchFileSnapshot(join(import.meta.dirname, 'fixtures', `${name}.golden.txt`));
  });
});
