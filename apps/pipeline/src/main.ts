#!/usr/bin/env node
import { text } from 'node:stream/consumers';
import { runCommand } from './run-command.ts';

// onnxruntime reads it when it is first imported, which the verbs do later.
process.env.ORT_DISABLE_TELEMETRY = '1';

process.exitCode = await runCommand(process.argv.slice(2), {
  workingDir: process.cwd(),
  environment: process.env,
  stdout: process.stdout,
  stderr: process.stderr,
  nowUs: Date.now() * 1000,
  readStandardInput: () => text(process.stdin),
  untilStopped: () => new Promise((resolve) => process.once('SIGTERM', resolve).once('SIGINT', resolve)),
});
