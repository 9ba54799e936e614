import { nameSchema } from '@repo/contract/name';
import { LogLevel } from '@repo/telemetry/logger';
import { z } from 'zod';

const whole = (min: number, max: number) =>
  z
    .string()
    .refine((text) => /^\d{1,15}$/.test(text) && Number(text) >= min && Number(text) <= max, {
      error: `a whole number from ${min} to ${max}`,
    })
    .transform(Number);

/** Text that may hold a secret, and so is shown in no message. */
const unshown = (form: RegExp, error: string) =>
  z.string().superRefine((text, context) => {
    if (form.test(text)) return;
    const received = `text of another form (${text.length} characters)`;
    context.addIssue({ code: 'custom', message: error, params: { received } });
  });

const minuteMs = 60_000;

/** Environment variables that the service reads: facts about the host, none about a model. */
export const environmentSchema = z.object({
  /** Protocol, predictions and health. 0 takes any free port. */
  PORT: whole(0, 65_535).default(8080),
  /** Metrics. 0 takes any free port. */
  ADMIN_PORT: whole(0, 65_535).default(9090),
  /** Address to listen on; only this machine unless told. */
  HOST: z.string().default('127.0.0.1'),
  /** Where the registry lives: `file:<path>`, relative to the workspace, or `s3://bucket/prefix`. */
  CAUSEWAY_STATE: z.string().default('file:.causeway/state'),
  /** Where the online features live: `sqlite:<path>`, relative to the workspace, or `redis://` (`rediss://` with TLS). Default: online.sqlite in the state folder. */
  ONLINE_STORE: unshown(/^(sqlite:.|rediss?:\/\/.)/, 'sqlite:<path> or redis://<host>:<port>').optional(),
  /** Folder with one folder for each model, relative to the workspace. */
  MODELS_DIR: z.string().default('models'),
  /**
   * Folder of the bundles that champion.json pins, `<model>/release/<version>`, relative to the workspace. Default: MODELS_DIR. Where it is another,
   * what it lacks comes from the registry, to which nothing is written.
   */
  RELEASES_DIR: z.string().optional(),
  /** Folder of plain ONNX models besides, `<name>/<version>/model.onnx`, relative to the workspace. Default: none. */
  MODEL_REPOSITORY: z.string().optional(),
  /** How often the registry is asked for another champion. 0 never. */
  REGISTRY_POLL_MS: whole(0, 60 * minuteMs).default(30_000),
  /** Threads for each model that needs any. Default: one less than the processors that this process may use, at least 1. */
  WORKERS: whole(1, 256).optional(),
  /** Longest a run may hold a thread before the process calls itself dead. */
  HARD_TIMEOUT_MS: whole(1000, 60 * minuteMs).default(120_000),
  /** Longest that a version may take to be verified, loaded, checked and warm; the one before serves on. 10 minutes unless told. */
  LOAD_TIMEOUT_MS: whole(1000, 24 * 60 * minuteMs).default(10 * minuteMs),
  /** Deadline of requests to models that declare none. */
  DEFAULT_TIMEOUT_MS: whole(1, 10 * minuteMs).default(5000),
  /** `durable` answers only after the event is on the disk. */
  PREDICTION_LOG: z.enum(['off', 'on', 'durable']).default('on'),
  /** Local folder of the prediction log, relative to the workspace. Default: predictions in the state folder. */
  PREDICTION_LOG_DIR: z.string().optional(),
  /** JSON file of the keys that callers need, relative to the workspace. Required unless HOST is a loopback address. */
  API_KEYS_FILE: z.string().optional(),
  /** SHA-256, in hexadecimal, of the token that changes of state need on the admin port. Default: nobody may. */
  ADMIN_TOKEN_SHA256: unshown(/^[0-9a-f]{64}$/, '64 hexadecimal digits, the SHA-256 of a token').optional(),
  /** Certificate chain and key, PEM, relative to the workspace. Both or neither; with them the data port speaks TLS only. */
  TLS_CERT_FILE: z.string().optional(),
  TLS_KEY_FILE: z.string().optional(),
  /** Base URL of an OTLP/HTTP collector that traces go to. Default: none are made. */
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url({ protocol: /^https?$/, error: 'http:// or https:// and a host' }).optional(),
  /** Share of requests that are traced where the caller does not say, 0 to 1. */
  OTEL_TRACES_SAMPLER_ARG: z
    .string()
    .regex(/^(0(\.\d+)?|1(\.0+)?)$/, { error: 'a number from 0 to 1' })
    .transform(Number)
    .default(1),
  /** Name of what this process is in an experiment or release, written to the prediction log. */
  VARIANT: nameSchema.default('stable'),
  /** File that says so instead and is read again every 10 s, since a canary may be promoted. What is no name in it counts as VARIANT. Default: none. */
  VARIANT_FILE: z.string().optional(),
  /** Hash of the template of the pod that this process runs in, written to the prediction log. Default: no pod. */
  POD_HASH: z.string().max(63).optional(),
  LOG_LEVEL: z.enum(LogLevel).default('info'),
  /** Wait between not ready and closing, for load balancers to notice. 0 outside a cluster. */
  PRESTOP_DELAY_MS: whole(0, 10 * minuteMs).default(0),
  /** Longest wait for requests under way when leaving. */
  GRACE_MS: whole(0, 10 * minuteMs).default(25_000),
  /** Largest body, unpacked. 64 MiB unless told. */
  MAX_BODY_BYTES: whole(1, 2 ** 30).default(64 * 2 ** 20),
  /** Most elements of a JSON tensor: parsing holds the thread, some 60 ms at this size. */
  MAX_JSON_ELEMENTS: whole(1, 2 ** 26).default(262_144),
  /** Longest wait for the headers of a request, and then for its whole body. */
  BODY_TIMEOUT_MS: whole(10, 10 * minuteMs).default(10_000),
  /** Most bytes that wait in the queue of a model, and most of bodies that are still on their way in. 256 MiB unless told. */
  MAX_QUEUE_BYTES: whole(1, 2 ** 34).default(256 * 2 ** 20),
});

export type Environment = z.output<typeof environmentSchema>;
