import { openSqliteStore } from '@repo/features/sqlite-store';
import { testOnlineEqualsOffline } from './online-equals-offline-cases.ts';

testOnlineEqualsOffline('SQLite', async () => openSqliteStore(':memory:'));
