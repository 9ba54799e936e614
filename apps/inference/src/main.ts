import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { InputError } from '@repo/contract/input-error';
import { createLogger, flushLogger } from '@repo/telemetry/logger';
import { parseConfig } from './config.ts';
import { startService } from './service.ts';

const workspaceDir = fileURLToPath(new URL('../../../', import.meta.url));

/** Starts the service and, at SIGTERM or SIGINT, leaves. A signal more changes nothing: npm passes on what the terminal sent already. */
async function main(): Promise<void> {
  const config = parseConfig(process.env, workspaceDir);
  const logger = createLogger({ level: config.logLevel });
  const { version } = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8'));
  const starting = startService({ config, logger, version, workspaceDir });
  const stop = async () => {
    // A start that fails ends the process by itself.
    const service = await starting.catch(() => null);
    if ((await service?.stop()) === false) process.exitCode = 1;
    await flushLogger(logger);
  };
  process.on('SIGTERM', stop).on('SIGINT', stop);
  await starting;
}

try {
  await main();
} catch (error) {
  if (!(error instanceof InputError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}
