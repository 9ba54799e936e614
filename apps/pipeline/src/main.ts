#!/usr/bin/env node
import { InputError } from '@repo/contract/input-error';
import { StageFailure } from '@repo/contract/stage-failure';
import { parseCommandLine } from './program.ts';
import { createProgress } from './progress.ts';
import { findWorkspace } from './workspace.ts';

// onnxruntime reads it when it is first imported, which the verbs do later.
process.env.ORT_DISABLE_TELEMETRY = '1';

/** Runs one command line and answers its exit code: 0 pass, 1 fail, 2 wrong use or bad input. */
async function main(args: readonly string[]): Promise<number> {
  const progress = createProgress(process.stderr);
  try {
    const parsed = parseCommandLine(args);
    if ('help' in parsed) {
      process.stdout.write(parsed.help);
      return 0;
    }
    const { CAUSEWAY_STATE: stateUrl = 'file:.causeway/state', ONLINE_STORE: onlineStore } = process.env;
    const outcome = await parsed.run({
      workspace: findWorkspace(process.cwd()),
      progress,
      stateUrl,
      onlineStore,
      nowUs: Date.now() * 1000,
    });
    progress.stop();
    process.stdout.write(`${parsed.json ? JSON.stringify(outcome.json) : outcome.text}\n`);
    return outcome.exitCode;
  } catch (error) {
    progress.stop();
    if (!(error instanceof InputError || error instanceof StageFailure)) throw error;
    process.stderr.write(`causeway: ${error.message}\n`);
    return error instanceof InputError ? 2 : 1;
  }
}

process.exitCode = await main(process.argv.slice(2));
