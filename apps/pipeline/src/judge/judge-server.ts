import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { InputError } from '@repo/contract/input-error';
import type { Judgement } from '@repo/contract/judgement';
import type { Judged, JudgeRequest } from './create-judge.ts';

export interface JudgeServerOptions {
  readonly judge: (request: JudgeRequest) => Promise<Judged>;
  /** SHA-256 of the token that questions need, hexadecimal. Null: anybody may ask, which a loopback address alone allows. */
  readonly tokenSha256: string | null;
  /** Hears of each judgement before it is answered; what it throws is said and changes no answer. */
  readonly judged: (judged: Judged) => Promise<void>;
  readonly warn: (message: string) => void;
}

/** Most looks at a time; a controller asks for one canary once in a while. */
const mostAtOnce = 8;

const form = /^\/judgements\/([^/?]+)$/;

function isAllowed({ headers }: IncomingMessage, sha256: string | null): boolean {
  if (sha256 === null) return true;
  const token = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1] ?? '';
  return timingSafeEqual(createHash('sha256').update(token).digest(), Buffer.from(sha256, 'hex'));
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  const text = JSON.stringify(body);
  response
    .writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) })
    .end(text);
}

/**
 * The HTTP side of a judge, as the web metric of Argo Rollouts asks it: `GET /judgements/<model>?stable=<hash>&canary=<hash>` with
 * `Authorization: Bearer <token>` answers a Judgement, 200 whatever its verdict; `GET /health` answers 200. Several that ask about the
 * same canary at the same time get the same look.
 */
export function createJudgeServer({ judge, tokenSha256, judged, warn }: JudgeServerOptions): Server {
  const underWay = new Map<string, Promise<Judgement>>();

  const lookOnce = (request: JudgeRequest): Promise<Judgement> | null => {
    const key = `${request.model} ${request.stable} ${request.canary}`;
    const known = underWay.get(key);
    if (known !== undefined) return known;
    if (underWay.size >= mostAtOnce) return null;
    const looking = judge(request).then(async (found) => {
      await judged(found).catch((error: Error) => warn(`a judgement was not kept: ${error.message}`));
      return found.judgement;
    });
    underWay.set(key, looking);
    const done = () => void underWay.delete(key);
    looking.then(done, done);
    return looking;
  };

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    if (request.method !== 'GET') return answer(response, 405, { error: 'GET alone is answered' });
    if (url.pathname === '/health') return answer(response, 200, { live: true });
    const model = form.exec(url.pathname)?.[1];
    if (model === undefined)
      return answer(response, 404, { error: 'ask for /judgements/<model>?stable=<hash>&canary=<hash>' });
    if (!isAllowed(request, tokenSha256)) return answer(response, 401, { error: 'send Authorization: Bearer <token>' });
    const side = (name: string): string => url.searchParams.get(name) ?? '';
    const looking = lookOnce({ model, stable: side('stable'), canary: side('canary') });
    if (looking === null) return answer(response, 429, { error: `${mostAtOnce} looks are under way; ask again` });
    answer(response, 200, await looking);
  };

  return createServer({ requestTimeout: 10_000, headersTimeout: 5_000 }, (request, response) => {
    handle(request, response).catch((error: unknown) => {
      if (!(error instanceof InputError)) warn(`a look failed: ${(error as Error).stack}`);
      const message = error instanceof InputError ? error.message : 'the judge has a defect; its log says more';
      answer(response, error instanceof InputError ? 400 : 500, { error: message });
    });
  });
}
