import type { Column } from './column.ts';
import { mean } from './mean.ts';

const SMALLEST_SHARE = 2 ** -40;

/** What intercept and slope have in common with themselves and each other: a covariance, or its inverse. */
export interface Symmetric {
  readonly intercepts: number;
  readonly slopes: number;
  readonly mixed: number;
}

interface Line {
  readonly intercept: number;
  readonly slope: number;
}

/** The line of greatest likelihood, and the covariance of its estimates if rows are independent. */
export interface LogisticLine extends Line {
  readonly covariance: Symmetric;
}

interface Likelihood {
  readonly logarithm: number;
  readonly byIntercept: number;
  readonly bySlope: number;
  readonly information: Symmetric;
}

/**
 * Logistic regression of 0/1 `labels` on one finite number per row: P(label = 1) = 1 / (1 + exp(-intercept - slope x)).
 * Newton's method from `start`; a step that would lower the likelihood is halved. The caller has seen to it that the
 * classes overlap, because otherwise no line is best.
 */
export function fitLogisticLine(labels: Column, x: Float64Array, start: Line): LogisticLine {
  // Around their mean, intercept and slope have little to do with each other, and values close together keep their digits.
  const middle = mean(x);
  const centred = x.map((value) => value - middle);
  let line: Line = { intercept: start.intercept + start.slope * middle, slope: start.slope };
  let here = likelihoodOf(labels, centred, line);
  for (let gain = Infinity; gain > 1e-16; ) {
    const step = newtonStep(here);
    gain = step.intercept * here.byIntercept + step.slope * here.bySlope; // twice that of the log-likelihood
    let share = 1;
    let next = along(line, step, share);
    let there = likelihoodOf(labels, centred, next);
    while (gain > 1e-6 && there.logarithm < here.logarithm && share > SMALLEST_SHARE) {
      share /= 2;
      next = along(line, step, share);
      there = likelihoodOf(labels, centred, next);
    }
    if (share <= SMALLEST_SHARE) break; // rounding hides what there is to gain
    line = next;
    here = there;
  }
  const { intercepts, slopes, mixed } = inverse(here.information);
  return {
    intercept: line.intercept - line.slope * middle,
    slope: line.slope,
    covariance: {
      intercepts: intercepts - middle * (2 * mixed - middle * slopes),
      slopes,
      mixed: mixed - middle * slopes,
    },
  };
}

/** The probability of log-odds. */
export const sigmoid = (logOdds: number): number => 1 / (1 + Math.exp(-logOdds));

const along = (line: Line, step: Line, share: number): Line => ({
  intercept: line.intercept + share * step.intercept,
  slope: line.slope + share * step.slope,
});

function newtonStep({ information, byIntercept, bySlope }: Likelihood): Line {
  const { intercepts, slopes, mixed } = inverse(information);
  return { intercept: intercepts * byIntercept + mixed * bySlope, slope: mixed * byIntercept + slopes * bySlope };
}

function inverse({ intercepts, slopes, mixed }: Symmetric): Symmetric {
  const determinant = intercepts * slopes - mixed * mixed;
  return { intercepts: slopes / determinant, slopes: intercepts / determinant, mixed: -mixed / determinant };
}

function likelihoodOf(labels: Column, x: Float64Array, { intercept, slope }: Line): Likelihood {
  let logarithm = 0;
  let byIntercept = 0;
  let bySlope = 0;
  let intercepts = 0;
  let slopes = 0;
  let mixed = 0;
  for (let row = 0; row < x.length; row++) {
    const label = labels[row] as number;
    const value = x[row] as number;
    const logOdds = intercept + slope * value;
    const probability = sigmoid(logOdds);
    logarithm += label * logOdds - Math.max(0, logOdds) - Math.log1p(Math.exp(-Math.abs(logOdds)));
    byIntercept += label - probability;
    bySlope += (label - probability) * value;
    const weight = probability * (1 - probability);
    intercepts += weight;
    mixed += weight * value;
    slopes += weight * value * value;
  }
  return { logarithm, byIntercept, bySlope, information: { intercepts, slopes, mixed } };
}
