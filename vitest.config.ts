import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: ['{apps,libs}/*', 'tools/nx', 'test'],
    testTimeout: 30_000,
    env: { ORT_DISABLE_TELEMETRY: '1' },
  },
});
