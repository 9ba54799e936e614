import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Experiment, experimentSchema } from '@repo/contract/experiment';
import type { Champion } from '@repo/contract/manifest';
import { parseJson } from '@repo/registry/json-object';
import type { Candidate, Trial } from './load-target.ts';

export interface TrialsOptions {
  readonly modelsDir: string;
  /** Makes the candidate of a pinned version. */
  readonly candidateOf: (name: string, pin: Champion) => Candidate;
  warn(message: string): void;
}

/** The experiment of a model, as experiment.json beside its champion.json says; null without one. */
export type FindTrial = (name: string) => Promise<Trial | null>;

/** Versions that an experiment names, each once. */
function pinsOf({ arms, shadow }: Experiment): Champion[] {
  const pins = [...arms.map(({ pin }) => pin), shadow].filter((pin) => pin !== null);
  return [...new Map(pins.map((pin) => [pin.version, pin])).values()];
}

/** Makes the finder. A file that cannot be read is told of once, for as long as it stays the same, and is no experiment: the champion answers. */
export function createTrials({ modelsDir, candidateOf, warn }: TrialsOptions): FindTrial {
  const told = new Map<string, string>();
  return async (name) => {
    const path = join(modelsDir, name, 'experiment.json');
    try {
      const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return null;
        throw error;
      });
      const experiment = bytes === null ? null : parseJson(experimentSchema, bytes, path);
      told.delete(name);
      if (experiment === null) return null;
      return { experiment, candidates: pinsOf(experiment).map((pin) => candidateOf(name, pin)) };
    } catch (error) {
      const { message } = error as Error;
      if (told.get(name) !== message) warn(`${name} has no experiment, as its file cannot be read: ${message}`);
      told.set(name, message);
      return null;
    }
  };
}
