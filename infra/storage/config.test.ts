import { parseOrThrow } from '@repo/contract/parse';
import { describe, expect, it } from 'vitest';
import { storageConfig } from './config.ts';

const parse = (config: object) => parseOrThrow(storageConfig, config, 'Pulumi.dev.yaml storage');

describe('configuration of the program storage', () => {
  it('needs nothing, and is small then', () => {
    const onlineStore = { nodeType: 'cache.t4g.small', nodes: 1, passwordGeneration: 1 };
    expect(parse({})).toEqual({ onlineStore, keepImages: 100, undoDays: 7, predictionDays: 90, logDays: 30 });
    expect(parse({ onlineStore: { nodes: 2 } }).onlineStore).toEqual({ ...onlineStore, nodes: 2 });
  });

  it.each([
    [
      { onlineStore: { nodeType: 'm7i.large' } },
      'storage.onlineStore.nodeType: received "m7i.large"; allowed: a type such as cache.t4g.small',
    ],
    [{ onlineStore: { nodes: 0 } }, 'storage.onlineStore.nodes: received 0'],
    [{ onlineStore: { size: 2 } }, 'storage.onlineStore.size: received 2; allowed: no such field here'],
    [{ predictionDays: 30 }, 'storage.predictionDays: received 30; allowed: a number at least 61'],
    [{ keepImages: 1 }, 'storage.keepImages: received 1'],
    [{ undodays: 3 }, 'storage.undodays: received 3; allowed: no such field here'],
  ])('refuses %j', (config, message) => {
    expect(() => parse(config)).toThrow(message);
  });
});
