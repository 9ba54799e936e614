import { leastProbability, sigmoid } from './objective.ts';

/**
 * A map from raw scores (log-odds) to probabilities; its numbers are float32.
 * `none`: the logistic function. `platt`: the logistic function of slope x raw + intercept.
 * `isotonic`: straight lines between the points (scores, probabilities), flat outside; scores ascend strictly.
 */
export type Calibration =
  | { method: 'none' }
  | { method: 'platt'; slope: number; intercept: number }
  | { method: 'isotonic'; scores: number[]; probabilities: number[] };

/** Probabilities of raw scores. */
export function calibrate(calibration: Calibration, raw: Float32Array): Float64Array {
  return Float64Array.from(raw, (score) => calibrateOne(calibration, score));
}

function calibrateOne(calibration: Calibration, raw: number): number {
  if (calibration.method === 'none') return sigmoid(raw);
  if (calibration.method === 'platt') return sigmoid(calibration.slope * raw + calibration.intercept);
  const { scores, probabilities } = calibration;
  const last = scores.length - 1;
  if (raw <= (scores[0] as number)) return probabilities[0] as number;
  if (raw >= (scores[last] as number)) return probabilities[last] as number;
  let low = 0;
  let high = last;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (raw < (scores[middle] as number)) high = middle;
    else low = middle;
  }
  const from = scores[low] as number;
  const start = probabilities[low] as number;
  return start + ((raw - from) / ((scores[high] as number) - from)) * ((probabilities[high] as number) - start);
}

/**
 * Fits slope and intercept by Newton's method with Platt's smoothed targets (Lin, Lin and Weng, "A note on Platt's
 * probabilistic outputs", 2007). Labels are 0 or 1.
 */
export function fitPlatt(raw: Float32Array, labels: Float32Array): Calibration {
  const positives = labels.reduce((sum, label) => sum + label, 0);
  const high = (positives + 1) / (positives + 2);
  const low = 1 / (labels.length - positives + 2);
  let slope = 1;
  let intercept = 0;
  for (let step = 0; step < 50; step++) {
    let [ga, gb, haa, hab, hbb] = [0, 0, 1e-9, 0, 1e-9];
    for (let i = 0; i < raw.length; i++) {
      const score = raw[i] as number;
      const probability = sigmoid(slope * score + intercept);
      const residual = probability - (labels[i] === 1 ? high : low);
      const weight = probability * (1 - probability);
      ga += residual * score;
      gb += residual;
      haa += weight * score * score;
      hab += weight * score;
      hbb += weight;
    }
    const determinant = haa * hbb - hab * hab;
    const moveSlope = (hbb * ga - hab * gb) / determinant;
    const moveIntercept = (haa * gb - hab * ga) / determinant;
    slope -= moveSlope;
    intercept -= moveIntercept;
    if (Math.abs(moveSlope) + Math.abs(moveIntercept) < 1e-10) break;
  }
  return { method: 'platt', slope: Math.fround(slope), intercept: Math.fround(intercept) };
}

/** Mean log-loss of probabilities against labels 0 and 1. */
export function probabilityLoss(probabilities: Float64Array, labels: Float32Array): number {
  let loss = 0;
  for (let i = 0; i < labels.length; i++) {
    const own = probabilities[i] as number;
    loss -= Math.log(Math.max(labels[i] === 1 ? own : 1 - own, leastProbability));
  }
  return loss / labels.length;
}
