import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { closedLoop } from './closed-loop.ts';
import { startService } from './processes.ts';
import { type Measurement, millis, rate } from './row.ts';

const workspaceDir = fileURLToPath(new URL('../../../', import.meta.url));
const prediction = {
  carrier: 'UA',
  origin: 'EWR',
  dest: 'IAH',
  scheduled_at: '2013-12-24T18:00:00Z',
  tailnum: 'N14228',
};

/** Predictions of the committed flight-delay champion, features looked up where `npm start` has materialized them. Only shown. */
export const champion: Measurement = async ({ scratch }) => {
  const what = 'flight-delay predict, 32 connections';
  const row = { what, bound: '', holds: null };
  if (!existsSync(join(workspaceDir, 'models', 'flight-delay', 'champion.json'))) {
    return [{ ...row, measured: 'left out: no champion' }];
  }
  const online = join(workspaceDir, '.causeway', 'state', 'online.sqlite');
  const service = await startService(scratch, {
    MODELS_DIR: join(workspaceDir, 'models'),
    ...(existsSync(online) ? { ONLINE_STORE: `sqlite:${online}` } : {}),
  });
  try {
    const body = Buffer.from(JSON.stringify(prediction));
    const load = { url: `${service.url}/v2/models/flight-delay/predict`, body, connections: 32 };
    await closedLoop({ ...load, seconds: 2 });
    const { perSecond, p50Ms, p99Ms } = await closedLoop({ ...load, seconds: 5 });
    const features = existsSync(online) ? 'features looked up' : 'nothing materialized';
    return [{ ...row, measured: `${rate(perSecond)}, p50 ${millis(p50Ms)}, p99 ${millis(p99Ms)}; ${features}` }];
  } finally {
    await service.stop();
  }
};
