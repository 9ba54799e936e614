import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

// The runner ends a suite by its budget, so no single test or hook has a shorter limit.
const unlimitedMs = 86_400_000;

export default defineConfig({
  test: {
    root: fileURLToPath(new URL('.', import.meta.url)),
    include: ['*.e2e.ts'],
    fileParallelism: false,
    // A suite says how far it is in lines of its own.
    disableConsoleIntercept: true,
    testTimeout: unlimitedMs,
    hookTimeout: unlimitedMs,
    env: { ORT_DISABLE_TELEMETRY: '1' },
  },
});
