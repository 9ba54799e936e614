import type { Model } from '@repo/contract/model';
import type { MonitorFindings } from '@repo/contract/monitor-findings';
import type { Profile } from '@repo/contract/profile';
import type { QualityEvidence } from '../quality-evidence.ts';
import type { Window } from '../window.ts';

/** What the weekly page is made from. */
export interface MonitorPage {
  readonly model: Model;
  readonly found: MonitorFindings;
  readonly evidence: QualityEvidence;
  /** All that were made, oldest first. */
  readonly windows: readonly Window[];
  /** By version; null where the bundle is not at hand. */
  readonly profiles: ReadonlyMap<string, Profile | null>;
}
