import { answeredTable } from './e2e/drift/training-days.ts';
import { writeFlightLog, type Sabotage } from './e2e/monitor/write-flight-log.ts';
import { openDatabase } from '@repo/datasets/database';
const root = '/work/wt/drift';
const kinds: Record<string, Sabotage> = {
  clean: {},
  model: { p: 'CASE WHEN probability >= 0.3 THEN 0.99 ELSE 0.002 END' },
  business: { decided: 'false' },
  system: { kept: "hash(row_id) % 4 = 0" },
  data: { features: { departure_hour: 'departure_hour + 6' } },
};
const answered = await answeredTable(root, 'flight-delay', '1', 'test');
for (const [kind, sabotage] of Object.entries(kinds))
  await writeFlightLog({ answered, table: root + '/.causeway/stages/flight-delay/features/test.parquet', events: root + '/.causeway/stages/flights/ingest/data.parquet', fromUs: Date.parse(process.argv[2]!) * 1000, sabotage, dir: `/tmp/dx/log-${kind}` });
