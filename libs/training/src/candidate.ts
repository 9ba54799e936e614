import type { BoostingRound } from './gradient-boosting.ts';
import type { TrainerReference } from './trainer-reference.ts';

/** A model before it is measured: the same for our own trainer, a foreign one and an import. */
export interface Candidate {
  onnx: Uint8Array;
  /** The model as its trainer knows it, kept as trainer.json; null for an import, which has no trainer. */
  trainer: TrainerReference | null;
  /** Losses by round, where the trainer tells; else empty. */
  curve: BoostingRound[];
  /** Importance by feature name, where the trainer tells; else empty. Our trainer: total gain. */
  importance: Record<string, number>;
  /** What the trainer has to say about itself, shown in the report and kept in metrics.json. No clock, no host. */
  facts: Record<string, string | number>;
  /** What it was trained with, such as versions. Shown in the report and not kept, as it may differ between machines. */
  environment: Record<string, string | number>;
}
