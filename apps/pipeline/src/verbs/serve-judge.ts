import { once } from 'node:events';
import { InputError, show } from '@repo/contract/input-error';
import { localStateDir } from '@repo/registry/local-state-dir';
import { createLogger } from '@repo/telemetry/logger';
import { openCluster } from '../cluster/open-cluster.ts';
import type { Context } from '../context.ts';
import { auditLine } from '../judge/audit-line.ts';
import { createJudgeServer } from '../judge/judge-server.ts';
import { keepJudgements } from '../judge/keep-judgements.ts';
import type { Outcome } from '../outcome.ts';
import { type JudgeWhere, judgeOf } from './judge.ts';

export interface ServeJudgeOptions extends JudgeWhere {
  /** 0 takes any free port. */
  readonly port: number;
  readonly host: string;
}

function tokenDigest({ environment }: Context, host: string): string | null {
  const { JUDGE_TOKEN_SHA256: sha256 } = environment;
  if (sha256 === undefined && /^(127(\.\d{1,3}){3}|localhost|::1)$/.test(host)) return null;
  if (sha256 !== undefined && /^[0-9a-f]{64}$/.test(sha256)) return sha256;
  throw new InputError({
    path: 'environment.JUDGE_TOKEN_SHA256',
    received: sha256 === undefined ? `nothing, with --host ${host}, which others can reach` : show(sha256),
    allowed: '64 hexadecimal digits, the SHA-256 of the token that Argo Rollouts sends',
    action: 'set it, or listen on a loopback address',
  });
}

/**
 * `causeway judge --serve`: answers the web metric of Argo Rollouts until the process is told to stop. Each judgement becomes a line of JSON on
 * standard output and a file below the state folder. Throws InputError for a port that is taken.
 */
export async function serveJudge(context: Context, options: ServeJudgeOptions): Promise<Outcome> {
  const { workspace, stateUrl, environment, untilStopped } = context;
  const tokenSha256 = tokenDigest(context, options.host);
  const logger = createLogger({ level: 'info' });
  const cluster = openCluster(environment);
  const keep = keepJudgements(localStateDir(stateUrl, workspace.root));
  const server = createJudgeServer({
    judge: judgeOf(context, options, cluster),
    tokenSha256,
    judged: async (judged) => {
      logger.info({ ...auditLine(judged.judgement), file: await keep(judged) }, 'judged');
    },
    warn: (message) => logger.warn(message),
  });
  try {
    const failed = once(server, 'error').then(([error]) => Promise.reject(error));
    server.listen(options.port, options.host);
    await Promise.race([once(server, 'listening'), failed]).catch(({ message }: Error) => {
      throw new InputError({ path: '--port', received: message, allowed: 'a free port', action: 'choose another' });
    });
    const { port } = server.address() as { port: number };
    logger.info({ host: options.host, port }, 'listening');
    await untilStopped();
    return { text: 'stopped', json: { stopped: true }, exitCode: 0 };
  } finally {
    server.close();
    server.closeAllConnections();
    cluster.close();
  }
}
