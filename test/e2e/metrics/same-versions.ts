import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { canonicalJson } from '@repo/contract/canonical-json';
import type { Experiment } from '@repo/contract/experiment';
import type { Champion } from '@repo/contract/manifest';

/** Pins an A/A experiment beside a champion: whoever is champion against the one of now, which is the shadow too. */
export function pinSameVersions(modelDir: string, unit: string): void {
  const pin = JSON.parse(readFileSync(join(modelDir, 'champion.json'), 'utf8')) as Champion;
  const experiment: Experiment = {
    schemaVersion: 1,
    name: 'same-twice',
    salt: 'same-twice',
    unit,
    traffic: 80,
    arms: [
      { name: 'champion', pin: null, weight: 50 },
      { name: 'pinned', pin, weight: 50 },
    ],
    shadow: pin,
  };
  writeFileSync(join(modelDir, 'experiment.json'), canonicalJson(experiment));
}
