import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { InputError, type Problem } from '@repo/contract/input-error';
import { parseOrThrow } from '@repo/contract/parse';
import { localStateDir } from '@repo/registry/local-state-dir';
import type { LogLevel } from '@repo/telemetry/logger';
import type { z } from 'zod';
import { type Environment, environmentSchema } from './environment.ts';

export interface Config {
  readonly port: number;
  readonly adminPort: number;
  readonly host: string;
  readonly stateUrl: string;
  /** Absolute path of what this machine remembers: the folder behind CAUSEWAY_STATE, or one in the workspace when that lies elsewhere. */
  readonly localStateDir: string;
  /** `sqlite:<absolute path>`, `redis://` or `rediss://`. */
  readonly onlineStoreUrl: string;
  /** Absolute path. */
  readonly modelsDir: string;
  /** Absolute path. */
  readonly releasesDir: string;
  /** Absolute path; null: no plain models. */
  readonly modelRepositoryDir: string | null;
  readonly registryPollMs: number;
  readonly workers: number;
  readonly hardTimeoutMs: number;
  readonly loadTimeoutMs: number;
  readonly defaultTimeoutMs: number;
  readonly maxQueueBytes: number;
  readonly predictionLog: PredictionLogConfig;
  /** Null: requests are not traced. */
  readonly tracing: { readonly endpoint: string; readonly ratio: number } | null;
  /** Absolute path; null: whoever reaches the port may ask, which a loopback address alone allows. */
  readonly apiKeysFile: string | null;
  /** Hexadecimal; null: nobody may change the state of the service. */
  readonly adminTokenSha256: string | null;
  /** Absolute paths; null: plain HTTP. */
  readonly tls: { readonly certFile: string; readonly keyFile: string } | null;
  readonly logLevel: LogLevel;
  readonly prestopDelayMs: number;
  readonly graceMs: number;
  readonly limits: Limits;
}

export interface PredictionLogConfig {
  readonly mode: 'off' | 'on' | 'durable';
  /** Absolute path. */
  readonly dir: string;
  readonly variant: string;
  /** Absolute path; null: the variant stays what it is. */
  readonly variantFile: string | null;
  /** Null: no pod. */
  readonly podHash: string | null;
}

/** What a request may at most be. */
export interface Limits {
  readonly maxBodyBytes: number;
  /** Most that all bodies together are which are not whole yet. */
  readonly maxReadingBytes: number;
  readonly maxJsonElements: number;
  readonly bodyTimeoutMs: number;
}

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);

/** What is wrong between variables that are right by themselves. */
function contradictions(env: Environment): Problem[] {
  const problems: Problem[] = [];
  if (env.PORT === env.ADMIN_PORT && env.PORT !== 0) {
    const received = String(env.ADMIN_PORT);
    const action = 'change one of them';
    problems.push({ path: 'environment.ADMIN_PORT', received, allowed: 'another port than PORT', action });
  }
  if (!isLoopback(env.HOST) && env.API_KEYS_FILE === undefined) {
    problems.push({
      path: 'environment.HOST',
      received: `${env.HOST}, which others can reach, without API_KEYS_FILE`,
      allowed: 'a loopback address such as 127.0.0.1, or any address with API_KEYS_FILE',
      action: 'make keys and set API_KEYS_FILE to their file, or leave HOST out',
    });
  }
  if ((env.TLS_CERT_FILE === undefined) !== (env.TLS_KEY_FILE === undefined)) {
    const [there, missing] = env.TLS_KEY_FILE === undefined ? ['CERT', 'KEY'] : ['KEY', 'CERT'];
    problems.push({
      path: `environment.TLS_${missing}_FILE`,
      received: `nothing, but TLS_${there}_FILE`,
      allowed: 'both or neither',
      action: 'set the other too',
    });
  }
  return problems;
}

/**
 * Reads the environment; a variable that is empty counts as not set. Throws InputError with a line for each wrong variable.
 * Relative paths start at `workspaceDir`.
 */
export function parseConfig(environment: Readonly<Record<string, string | undefined>>, workspaceDir: string): Config {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const env = parseOrThrow(environmentSchema as unknown as z.ZodType<Environment>, given, 'environment');
  const problems = contradictions(env);
  if (problems.length > 0) throw new InputError(problems);
  const inWorkspace = (path: string) => resolve(workspaceDir, path);
  const orNull = (path: string | undefined) => (path === undefined ? null : inWorkspace(path));
  const state = localStateDir(env.CAUSEWAY_STATE, workspaceDir);
  const store = env.ONLINE_STORE ?? `sqlite:${resolve(state, 'online.sqlite')}`;
  const certFile = orNull(env.TLS_CERT_FILE);
  const keyFile = orNull(env.TLS_KEY_FILE);
  return {
    port: env.PORT,
    adminPort: env.ADMIN_PORT,
    host: env.HOST,
    stateUrl: env.CAUSEWAY_STATE,
    localStateDir: state,
    onlineStoreUrl: store.startsWith('sqlite:') ? `sqlite:${inWorkspace(store.slice('sqlite:'.length))}` : store,
    modelsDir: inWorkspace(env.MODELS_DIR),
    releasesDir: inWorkspace(env.RELEASES_DIR ?? env.MODELS_DIR),
    modelRepositoryDir: orNull(env.MODEL_REPOSITORY),
    registryPollMs: env.REGISTRY_POLL_MS,
    workers: env.WORKERS ?? Math.max(1, availableParallelism() - 1),
    hardTimeoutMs: env.HARD_TIMEOUT_MS,
    loadTimeoutMs: env.LOAD_TIMEOUT_MS,
    defaultTimeoutMs: env.DEFAULT_TIMEOUT_MS,
    maxQueueBytes: env.MAX_QUEUE_BYTES,
    predictionLog: {
      mode: env.PREDICTION_LOG,
      dir: inWorkspace(env.PREDICTION_LOG_DIR ?? resolve(state, 'predictions')),
      variant: env.VARIANT,
      variantFile: orNull(env.VARIANT_FILE),
      podHash: env.POD_HASH ?? null,
    },
    tracing:
      env.OTEL_EXPORTER_OTLP_ENDPOINT === undefined
        ? null
        : { endpoint: env.OTEL_EXPORTER_OTLP_ENDPOINT, ratio: env.OTEL_TRACES_SAMPLER_ARG },
    apiKeysFile: orNull(env.API_KEYS_FILE),
    adminTokenSha256: env.ADMIN_TOKEN_SHA256 ?? null,
    tls: certFile === null || keyFile === null ? null : { certFile, keyFile },
    logLevel: env.LOG_LEVEL,
    prestopDelayMs: env.PRESTOP_DELAY_MS,
    graceMs: env.GRACE_MS,
    limits: {
      maxBodyBytes: env.MAX_BODY_BYTES,
      maxReadingBytes: Math.max(env.MAX_BODY_BYTES, env.MAX_QUEUE_BYTES),
      maxJsonElements: env.MAX_JSON_ELEMENTS,
      bodyTimeoutMs: env.BODY_TIMEOUT_MS,
    },
  };
}
