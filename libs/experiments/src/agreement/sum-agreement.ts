import type { AgreementEvidence } from '../canary-evidence.ts';

/** What several comparisons say together; nothing compared, of none. */
export function sumAgreement(parts: readonly AgreementEvidence[]): AgreementEvidence {
  const largest = parts.flatMap((part) => (part.largest === null ? [] : [part.largest]));
  return {
    compared: parts.reduce((all, part) => all + part.compared, 0),
    disagreed: parts.reduce((all, part) => all + part.disagreed, 0),
    largest: largest.length === 0 ? null : Math.max(...largest),
  };
}
