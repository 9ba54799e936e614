import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteStore } from '@repo/features/sqlite-store';
import { afterAll, beforeEach } from 'vitest';
import { testOnlineStore } from './online-store-cases.ts';

const folder = mkdtempSync(join(tmpdir(), 'online-store-'));
afterAll(() => rmSync(folder, { recursive: true }));
let tests = 0;
beforeEach(() => {
  tests++;
});

testOnlineStore('SQLite', async () => openSqliteStore(join(folder, `${tests}.sqlite`)));
