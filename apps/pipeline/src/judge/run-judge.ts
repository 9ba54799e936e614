import { once } from 'node:events';
import type { Server } from 'node:http';
import { InputError, show } from '@repo/contract/input-error';
import type { JudgedModel } from '@repo/experiments/judge-canary';
import { createPrometheusClient } from '@repo/experiments/prometheus-client';
import { localStateDir } from '@repo/registry/local-state-dir';
import { createLogger } from '@repo/telemetry/logger';
import { openCluster } from '../cluster/open-cluster.ts';
import { auditLine } from './audit-line.ts';
import { createJudge } from './create-judge.ts';
import { createJudgeServer } from './judge-server.ts';
import { keepJudgements } from './keep-judgements.ts';
import type { OpenRelease } from './open-release.ts';

export interface RunJudgeOptions {
  readonly prometheus: string;
  readonly namespace: string;
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** ADMIN_TOKEN, JUDGE_TOKEN_SHA256, and what the cluster is found by. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** CAUSEWAY_STATE, and the folder that it is relative to. */
  readonly stateUrl: string;
  readonly root: string;
  readonly openRelease: OpenRelease;
  readonly modelOf: (name: string) => Promise<JudgedModel>;
  readonly untilStopped: () => Promise<void>;
}

function tokenDigest({ environment, host }: RunJudgeOptions): string | null {
  const { JUDGE_TOKEN_SHA256: sha256 } = environment;
  if (sha256 === undefined && /^(127(\.\d{1,3}){3}|localhost|::1)$/.test(host)) return null;
  if (sha256 !== undefined && /^[0-9a-f]{64}$/.test(sha256)) return sha256;
  throw new InputError({
    path: 'environment.JUDGE_TOKEN_SHA256',
    received: sha256 === undefined ? `nothing, with the address ${host}, which others can reach` : show(sha256),
    allowed: '64 hexadecimal digits, the SHA-256 of the token that Argo Rollouts sends',
    action: 'set it, or listen on a loopback address',
  });
}

/** Listens; throws InputError for a port that is taken. Returns the port. */
async function listen(server: Server, port: number, host: string): Promise<number> {
  const failed = once(server, 'error').then(([error]) => Promise.reject(error));
  server.listen(port, host);
  await Promise.race([once(server, 'listening'), failed]).catch(({ message }: Error) => {
    throw new InputError({ path: 'port', received: message, allowed: 'a free port', action: 'choose another' });
  });
  return (server.address() as { port: number }).port;
}

/**
 * Runs a judge until it is told to stop. Each judgement becomes a line of JSON on standard output and a file below the state folder.
 * Throws InputError where it cannot listen, or may not.
 */
export async function runJudge(options: RunJudgeOptions): Promise<void> {
  const { environment, namespace, openRelease, modelOf } = options;
  const tokenSha256 = tokenDigest(options);
  const logger = createLogger({ level: 'info' });
  const cluster = openCluster(environment);
  const keep = keepJudgements(localStateDir(options.stateUrl, options.root));
  const judge = createJudge({
    query: createPrometheusClient(options.prometheus),
    adminToken: environment.ADMIN_TOKEN ?? null,
    nowMs: Date.now,
    ...{ cluster, namespace, openRelease, modelOf },
  });
  const server = createJudgeServer({
    judge,
    tokenSha256,
    judged: async (judged) => {
      logger.info({ ...auditLine(judged.judgement), file: await keep(judged) }, 'judged');
    },
    warn: (message) => logger.warn(message),
  });
  try {
    const port = await listen(server, options.port, options.host);
    logger.info({ host: options.host, port }, 'listening');
    await options.untilStopped();
  } finally {
    server.close();
    server.closeAllConnections();
    cluster.close();
  }
}
