import { availableParallelism } from 'node:os';
import { expect, test } from 'vitest';
import { parseConfig } from './config.ts';

test('nothing set means a service for this machine only', () => {
  expect(parseConfig({}, '/work')).toEqual({
    port: 8080,
    adminPort: 9090,
    host: '127.0.0.1',
    stateUrl: 'file:.causeway/state',
    localStateDir: '/work/.causeway/state',
    onlineStoreUrl: 'sqlite:/work/.causeway/state/online.sqlite',
    modelsDir: '/work/models',
    releasesDir: '/work/models',
    modelRepositoryDir: null,
    registryPollMs: 30_000,
    workers: Math.max(1, availableParallelism() - 1),
    hardTimeoutMs: 120_000,
    loadTimeoutMs: 600_000,
    defaultTimeoutMs: 5000,
    maxQueueBytes: 268_435_456,
    predictionLog: {
      mode: 'on',
      dir: '/work/.causeway/state/predictions',
      variant: 'stable',
      variantFile: null,
      podHash: null,
    },
    tracing: null,
    apiKeysFile: null,
    adminTokenSha256: null,
    tls: null,
    logLevel: 'info',
    prestopDelayMs: 0,
    graceMs: 25_000,
    limits: {
      maxBodyBytes: 67_108_864,
      maxReadingBytes: 268_435_456,
      maxJsonElements: 262_144,
      bodyTimeoutMs: 10_000,
    },
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
    onlineStoreUrl: 'sqlite:/work/x.sqlite',
  });
  expect(parseConfig({ CAUSEWAY_STATE: 'file:/var/state' }, '/work').onlineStoreUrl).toBe(
    'sqlite:/var/state/online.sqlite',
  );
  const elsewhere = parseConfig({ CAUSEWAY_STATE: 's3://bucket/prefix', ONLINE_STORE: 'redis://host:6379' }, '/work');
  expect(elsewhere).toMatchObject({ localStateDir: '/work/.causeway/state', onlineStoreUrl: 'redis://host:6379' });
});

test.each([
  ['PORT', 'http', 'a whole number from 0 to 65535'],
  ['PORT', '65536', 'a whole number from 0 to 65535'],
  ['PORT', '1e3', 'a whole number from 0 to 65535'],
  ['GRACE_MS', '-1', 'a whole number from 0 to 600000'],
  ['LOAD_TIMEOUT_MS', '0', 'a whole number from 1000 to 86400000'],
  ['MAX_BODY_BYTES', '0', 'a whole number from 1 to'],
  ['LOG_LEVEL', 'loud', '"debug", "info", "warn", "error", "silent"'],
  ['CAUSEWAY_STATE', 'http://bucket', 'file:<path>'],
  ['HOST', '0.0.0.0', 'a loopback address'],
  ['ADMIN_PORT', '8080', 'another port than PORT'],
])('%s=%s is refused with what is allowed', (name, value, allowed) => {
  expect(() => parseConfig({ [name]: value }, '/work')).toThrow(
    new RegExp(`${name}: received .*${value}.*; allowed: ${allowed.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`),
  );
});

test.each([
  ['ADMIN_TOKEN_SHA256', 'the-secret-itself', '64 hexadecimal digits, the SHA-256 of a token'],
  ['ONLINE_STORE', 'reddis://user:secret@host', 'sqlite:<path>'],
])('%s of another form is refused without being shown', (name, value, allowed) => {
  const refused = () => parseConfig({ [name]: value }, '/work');
  expect(refused).toThrow(`${name}: received text of another form (${value.length} characters); allowed: ${allowed}`);
  expect(refused).not.toThrow('secret');
});

test('a service that others reach needs keys, and with them takes any address', () => {
  expect(parseConfig({ HOST: '0.0.0.0', API_KEYS_FILE: 'keys.json' }, '/work')).toMatchObject({
    host: '0.0.0.0',
    apiKeysFile: '/work/keys.json',
  });
  for (const HOST of ['127.0.0.1', '127.9.9.9', '::1', 'localhost']) expect(parseConfig({ HOST }, '/').host).toBe(HOST);
  expect(() => parseConfig({ HOST: '::', ADMIN_PORT: '8080' }, '/work')).toThrow(
    /ADMIN_PORT: .*\n.*HOST: .*API_KEYS_FILE/,
  );
});

test('a certificate without its key, or a key without its certificate, is refused', () => {
  const both = { TLS_CERT_FILE: 'cert.pem', TLS_KEY_FILE: '/etc/key.pem' };
  expect(parseConfig(both, '/work').tls).toEqual({ certFile: '/work/cert.pem', keyFile: '/etc/key.pem' });
  expect(() => parseConfig({ ...both, TLS_KEY_FILE: '' }, '/work')).toThrow(
    /TLS_KEY_FILE: received nothing, but TLS_CERT/,
  );
  expect(() => parseConfig({ ...both, TLS_CERT_FILE: '' }, '/work')).toThrow(
    /TLS_CERT_FILE: received nothing, but TLS_KEY/,
  );
});
