import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { freePort } from './free-port.ts';
import { postgresFolders } from './postgres-folders.ts';

/** A PostgreSQL server of a test, with an empty database, on loopback and with a password. */
export interface PostgresServer {
  readonly port: number;
  /** Connection of its superuser, or of another user with a password. */
  url(user?: string, password?: string): string;
  /** Runs SQL with psql as the superuser; `input` is what COPY FROM STDIN reads. */
  sql(text: string, input?: string): string;
  /** Ends it and removes its folder. */
  remove(): Promise<void>;
}

/** Postgres refuses to run as root, as which a container's user often comes: then it is run as nobody. */
const asWhom = process.getuid?.() === 0 ? ['runuser', '-u', 'nobody', '--'] : [];
const nobody = { uid: 65534, gid: 65534 };

/** Starts the machine's PostgreSQL on a free port; it keeps its data in a temporary folder. */
export async function createPostgresServer(): Promise<PostgresServer> {
  const folder = mkdtempSync(join(tmpdir(), 'postgres-'));
  const data = join(folder, 'data');
  const password = 'the-secret';
  const passwordFile = join(folder, 'password');
  writeFileSync(passwordFile, password);
  if (asWhom.length > 0) for (const path of [folder, passwordFile]) chownSync(path, nobody.uid, nobody.gid);
  const env = { ...process.env, PATH: [process.env.PATH, ...postgresFolders()].join(delimiter), PGPASSWORD: password };
  const [run = '', ...args] = [
    ...asWhom,
    'initdb',
    '-D',
    data,
    '-U',
    'owner',
    '--auth=scram-sha-256',
    `--pwfile=${passwordFile}`,
  ];
  execFileSync(run, [...args, '--encoding=UTF8', '--locale=C', '--no-sync'], { env, cwd: folder, stdio: 'pipe' });
  const port = await freePort();
  const [start = '', ...rest] = [...asWhom, 'postgres', '-D', data, '-p', `${port}`, '-k', folder, '-c', 'fsync=off'];
  const server = spawn(start, [...rest, '-c', 'listen_addresses=127.0.0.1'], {
    env,
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = once(server, 'exit');
  let log = '';
  await new Promise<void>((resolve, reject) => {
    server.stderr.on('data', (chunk) => {
      log += chunk;
      if (log.includes('ready to accept connections')) resolve();
    });
    server.once('error', reject).once('exit', () => reject(new Error(`postgres did not start: ${log}`)));
  });
  const url = (user = 'owner', secret = password) => `postgres://${user}:${secret}@127.0.0.1:${port}/postgres`;
  return {
    port,
    url,
    sql: (text, input) =>
      execFileSync('psql', ['--no-psqlrc', '-v', 'ON_ERROR_STOP=1', '-qAt', '-c', text, url()], {
        env,
        input: input ?? '',
        encoding: 'utf8',
        maxBuffer: 2 ** 26,
      }).trim(),
    async remove() {
      // runuser passes it on.
      server.kill('SIGTERM');
      execFileSync('sh', ['-c', `kill -INT $(head -1 '${join(data, 'postmaster.pid')}') 2>&1 || true`]);
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
