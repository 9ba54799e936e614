import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { InputError } from '@repo/contract/input-error';
import { releasePolicySchema } from '@repo/contract/release-policy';
import { expect, onTestFinished, test } from 'vitest';
import type { Judged, JudgeRequest } from './create-judge.ts';
import { createJudgeServer, type JudgeServerOptions } from './judge-server.ts';

const token = 'a-token';
const judgedAs = ({ model, stable, canary }: JudgeRequest): Judged => ({
  judgement: {
    schemaVersion: 1,
    model,
    stable: { podHash: stable, versions: [] },
    canary: { podHash: canary, versions: [] },
    since: '2026-01-01T12:00:00.000Z',
    at: '2026-01-01T12:05:00.000Z',
    verdict: 'inconclusive',
    reason: 'More requests are needed.',
    metrics: [],
  },
  evidence: null,
  judged: { release: releasePolicySchema.parse({ steps: [100] }), task: 'binary' },
});

async function serve(different: Partial<JudgeServerOptions> = {}) {
  const warnings: string[] = [];
  const server = createJudgeServer({
    judge: async (request) => judgedAs(request),
    tokenSha256: createHash('sha256').update(token).digest('hex'),
    judged: async () => undefined,
    warn: (message) => warnings.push(message),
    ...different,
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close().closeAllConnections());
  const { port } = server.address() as { port: number };
  const ask = async (path: string, bearer: string | null = token) => {
    const headers: Record<string, string> = bearer === null ? {} : { authorization: `Bearer ${bearer}` };
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, { headers });
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  };
  return { ask, warnings };
}

const question = '/judgements/tides?stable=7cbb&canary=5d8f';

test('a judgement is answered whole, with its verdict at the top, and heard of before', async () => {
  const heard: string[] = [];
  const { ask } = await serve({ judged: async ({ judgement }) => void heard.push(judgement.model) });
  const { status, body } = await ask(question);
  expect([status, heard]).toEqual([200, ['tides']]);
  expect(body).toMatchObject({ verdict: 'inconclusive', model: 'tides', stable: { podHash: '7cbb' } });
});

test('nobody gets one without the token; health needs none', async () => {
  const { ask } = await serve();
  for (const bearer of [null, '', 'another']) expect((await ask(question, bearer)).status).toBe(401);
  expect((await ask('/health', null)).status).toBe(200);
  expect((await ask('/elsewhere')).status).toBe(404);
});

test('those who ask about one canary at the same time get the same look, and too many looks are refused', async () => {
  let looks = 0;
  const held = Promise.withResolvers<void>();
  const { ask } = await serve({
    judge: async (request) => {
      looks += 1;
      await held.promise;
      return judgedAs(request);
    },
  });
  const same = [ask(question), ask(question)];
  await expect.poll(() => looks).toBe(1);
  const others = Array.from({ length: 7 }, (_, i) => ask(`/judgements/tides?stable=7cbb&canary=c${i}`));
  await expect.poll(() => looks).toBe(8);
  expect((await ask('/judgements/tides?stable=7cbb&canary=last')).status).toBe(429);
  held.resolve();
  const answers = await Promise.all([...same, ...others]);
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
  expect(looks).toBe(8);
});

test('a wrong question is 400 with its reason; a defect is 500 and said in the log; a full disk changes no answer', async () => {
  const wrong = await serve({
    judge: () => Promise.reject(new InputError({ path: 'model', received: 'x', allowed: 'y', action: 'z' })),
  });
  expect(await wrong.ask(question)).toMatchObject({ status: 400, body: { error: expect.stringContaining('model: ') } });
  const broken = await serve({ judge: () => Promise.reject(new TypeError('x is undefined')) });
  expect((await broken.ask(question)).status).toBe(500);
  expect(broken.warnings.join()).toContain('x is undefined');
  const full = await serve({ judged: () => Promise.reject(new Error('ENOSPC')) });
  expect((await full.ask(question)).status).toBe(200);
  expect(full.warnings).toEqual(['a judgement was not kept: ENOSPC']);
});
