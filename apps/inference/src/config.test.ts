import { expect, test } from 'vitest';
import { parseConfig } from './config.ts';

test('nothing set means a service for this machine only', () => {
  expect(parseConfig({}, '/work')).toEqual({
    port: 8080,
    adminPort: 9090,
    host: '127.0.0.1',
    stateUrl: 'file:.causeway/state',
    onlineStorePath: '/work/.causeway/state/online.sqlite',
    modelsDir: '/work/models',
    logLevel: 'info',
    prestopDelayMs: 0,
    graceMs: 25_000,
    limits: { maxBodyBytes: 67_108_864, maxJsonElements: 262_144 },
  });
});

test('what is set is taken, relative to the workspace, and empty counts as not set', () => {
  const config = parseConfig(
    { PORT: '81', HOST: '', CAUSEWAY_STATE: 'file:/var/state', MODELS_DIR: 'm', ONLINE_STORE: 'sqlite:x.sqlite' },
    '/work',
  );
  expect(config).toMatchObject({
    port: 81,
    host: '127.0.0.1',
    modelsDir: '/work/m',
    onlineStorePath: '/work/x.sqlite',
  });
  expect(parseConfig({ CAUSEWAY_STATE: 'file:/var/state' }, '/work').onlineStorePath).toBe('/var/state/online.sqlite');
});

test.each([
  ['PORT', 'http', 'a whole number from 0 to 65535'],
  ['PORT', '65536', 'a whole number from 0 to 65535'],
  ['PORT', '1e3', 'a whole number from 0 to 65535'],
  ['GRACE_MS', '-1', 'a whole number from 0 to 600000'],
  ['MAX_BODY_BYTES', '0', 'a whole number from 1 to'],
  ['LOG_LEVEL', 'loud', '"debug", "info", "warn", "error", "silent"'],
  ['ONLINE_STORE', 'redis://host', 'sqlite:<path>'],
  ['CAUSEWAY_STATE', 's3://bucket', 'file:<path>'],
  ['ADMIN_PORT', '8080', 'another port than PORT'],
])('%s=%s is refused with what is allowed', (name, value, allowed) => {
  expect(() => parseConfig({ [name]: value }, '/work')).toThrow(
    new RegExp(`${name}: received .*${value}.*; allowed: ${allowed.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`),
  );
});
