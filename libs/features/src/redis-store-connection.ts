import { setImmediate } from 'node:timers';
import { InputError } from '@repo/contract/input-error';

type Client = ReturnType<typeof import('@redis/client').createClient>;

/** A connection that heals: while it is down every call rejects at once, and it is tried again in the background. */
export interface RedisConnection {
  /** Runs commands, which leave together when they are issued together. Rejects without an answer within that time. */
  run<T>(withinMs: number, commands: (client: Client) => Promise<T>): Promise<T>;
  close(): void;
}

const connectTimeoutMs = 2000;
/** A server that takes a connection and then says nothing is given up after this. */
const startTimeoutMs = 5000;
const longestWaitMs = 2000;
/** Bounds what waits for a server that has stopped answering, until the first call gives up. */
const maxCommands = 100_000;

/** 50 ms, doubled with each try up to 2 s, less up to half of it so that many services do not return at once. */
const backoffMs = (retries: number): number =>
  Math.min(longestWaitMs, 50 * 2 ** Math.min(retries, 10)) * (1 - Math.random() / 2);

function invalid(path: string, received: string, action: string): InputError {
  const allowed = 'redis://[<user>:<password>@]<host>[:<port>][/<database>], rediss:// with TLS';
  return new InputError({ path, received, allowed, action });
}

/** The URL without its password, which belongs in no log. Throws InputError for a URL that names no server. */
function shownUrl(path: string, url: string): string {
  const parsed = URL.parse(url);
  const whole = parsed !== null && ['redis:', 'rediss:'].includes(parsed.protocol) && parsed.hostname !== '';
  if (parsed === null || !whole || !/^\/?\d{0,5}$/.test(parsed.pathname) || parsed.search + parsed.hash !== '') {
    throw invalid(path, `a URL of another form (${url.length} characters)`, 'write it in this form');
  }
  if (parsed.password !== '') parsed.password = '***';
  return parsed.href;
}

/** What no waiting makes better. */
const isRefused = (error: Error): boolean => /^(WRONGPASS|NOAUTH|NOPERM|ERR DB index)/.test(error.message);

function refusal(path: string, shown: string, error: Error): InputError {
  const remedy = /^(WRONGPASS|NOAUTH|NOPERM)/.test(error.message)
    ? 'correct the user and the password'
    : /^ERR DB index/.test(error.message)
      ? 'name a database that the server has'
      : 'start the server, or correct host, port and scheme';
  return invalid(path, `${shown} (${error.message})`, remedy);
}

/** Rejects when there is no answer in time. A stalled event loop is not held against the server: what has arrived is read first. */
async function within<T>(of: string, ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const giveUp = () => reject(new Error(`the ${of} did not answer within ${ms} ms`));
    timer = setTimeout(() => setImmediate(giveUp), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Connects to a Redis or Valkey server. Throws InputError for a malformed URL, for a server that refuses the user, the password or the
 * database, and, unless `mayBeAway`, for one that cannot be reached; it names `path`, and later errors say `what` did not answer. After that it heals by itself: see {@link RedisConnection}.
 */
export async function connectRedis(
  url: string,
  mayBeAway: boolean,
  { path, what } = { path: 'ONLINE_STORE', what: 'online store' },
): Promise<RedisConnection> {
  const shown = shownUrl(path, url);
  const { createClient } = await import('@redis/client');
  let isStarted = false;
  const create = (): Client => {
    const client = createClient({
      url,
      disableOfflineQueue: true,
      commandsQueueMaxLength: maxCommands,
      maintNotifications: 'disabled',
      // The client's own limit ends with the sending of a command; 0 turns it off, and its timers with it.
      commandOptions: { timeout: 0 },
      socket: {
        connectTimeout: connectTimeoutMs,
        reconnectStrategy: (retries) => (isStarted ? backoffMs(retries) : false),
      },
    });
    // The commands reject with what went wrong; without a listener the process would end.
    client.on('error', () => {});
    return client as Client;
  };
  let client = create();
  try {
    await within(what, startTimeoutMs, client.connect());
    await within(what, startTimeoutMs, client.ping());
  } catch (error) {
    client.destroy();
    if (!mayBeAway || isRefused(error as Error)) throw refusal(path, shown, error as Error);
    isStarted = true;
    client = create();
    client.connect().catch(() => {});
  }
  isStarted = true;
  let answers = 0;
  /** A connection on which nothing comes back any more, as after a lost host, is not waited for: TCP would, for minutes. */
  const replace = (silent: Client): void => {
    if (silent !== client || !client.isReady) return;
    client.destroy();
    client = create();
    client.connect().catch(() => {});
  };
  return {
    async run(withinMs, commands) {
      const used = client;
      const before = answers;
      const work = commands(used).finally(() => {
        answers++;
      });
      try {
        return await within(what, withinMs, work);
      } finally {
        if (answers === before) replace(used);
      }
    },
    close: () => {
      isStarted = false;
      client.destroy();
    },
  };
}
