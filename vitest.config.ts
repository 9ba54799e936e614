import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: [
      '{apps,libs}/*',
      'tools/nx',
      'test',
      { extends: true, test: { name: 'catalogue', include: ['{features,models}/**/*.test.ts'] } },
    ],
    testTimeout: 30_000,
    env: { ORT_DISABLE_TELEMETRY: '1' },
  },
});
