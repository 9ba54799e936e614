/**
 * count ln(count / mean) - count + mean for positive numbers: half the deviance of a Poisson count, and the exponent of
 * saddle-point densities. Relative error of a few ulp also where count and mean are close and the plain formula cancels.
 * Source: C. Loader, "Fast and accurate computation of binomial probabilities" (2000).
 */
export function poissonDeviance(count: number, mean: number): number {
  const difference = count - mean;
  const total = count + mean;
  if (Math.abs(difference) > 0.1 * total) return count * Math.log(count / mean) - difference;
  // ln(count / mean) = 2 artanh(difference / total), term by term
  const ratio = difference / total;
  const square = ratio * ratio;
  let sum = difference * ratio;
  let term = 2 * count * ratio;
  for (let odd = 3; ; odd += 2) {
    term *= square;
    const next = sum + term / odd;
    if (next === sum) return sum;
    sum = next;
  }
}
