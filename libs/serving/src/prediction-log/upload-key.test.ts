import { expect, test } from 'vitest';
import { uploadKey } from './upload-key.ts';

const file = '20131224T160000000Z-1f2e3d4c5b6a-000001.parquet';

test('a file keeps model and day, and its own name in lower case', () => {
  expect(uploadKey(`flight-delay/2013-12-24/${file}`)).toBe(`flight-delay/2013-12-24/${file.toLowerCase()}`);
});

test('models whose names no key can hold go to folders of their own', () => {
  const names = ['other%2Fone', 'other_one', 'Other-One', 'other-one', '..'];
  const keys = names.map((name) => uploadKey(`${name}/2013-12-24/${file}`));
  for (const key of keys) expect(key).toMatch(/^[a-z0-9][a-z0-9.-]*(\/[a-z0-9][a-z0-9.-]*)*$/);
  expect(new Set(keys).size).toBe(names.length);
});
