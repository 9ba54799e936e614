import { show } from '@repo/contract/input-error';
import type { RepositoryIndex } from '@repo/contract/protocol';
import { ServiceError } from '@repo/contract/service-error';
import type { ModelEntry } from '@repo/serving/model-table';
import type { Express, Request } from 'express';
import { requireKey } from '../access/require-access.ts';
import { addRoute } from '../add-route.ts';
import type { AppDeps } from '../app-deps.ts';
import { jsonOf, takeBody } from '../json-body.ts';
import { refusals, refusing } from '../refusals.ts';
import { sendJson } from '../send-json.ts';
import { whyNotReady } from '../why-not-ready.ts';

function lineOf(entry: ModelEntry): RepositoryIndex[number] {
  const { name, version, state } = entry;
  if (state === 'loading') return { name, version, state: 'LOADING', reason: '' };
  const why = whyNotReady(entry);
  if (why === null) return { name, version, state: 'READY', reason: '' };
  return { name, version, state: 'UNAVAILABLE', reason: `it ${why}; the log has the reason` };
}

/** Whether only what is ready is asked for. Clients send no body at all, or an object. */
function readyOnly(request: Request): boolean {
  if ((request.body as Buffer).length === 0) return false;
  const body = jsonOf(request);
  const ready: unknown = typeof body === 'object' && body !== null && 'ready' in body ? body.ready : false;
  if (typeof ready === 'boolean') return ready;
  const [received, allowed] = [show(ready), 'true or false'];
  throw new ServiceError('invalid_request', { path: 'request.ready', received, allowed });
}

/** POST /v2/repository/index: every version that is served or should be. It changes nothing. */
export function addRepositoryRoutes(app: Express, deps: AppDeps): void {
  const { table, limits } = deps;
  addRoute(app, '/v2/repository/index', {
    post: [
      requireKey(deps),
      takeBody(limits),
      refusing((request, response) => {
        const ready = readyOnly(request);
        const entries = table.entries().filter((entry) => !ready || whyNotReady(entry) === null);
        sendJson(response, 200, entries.map(lineOf));
      }, refusals.json),
    ],
  });
}
