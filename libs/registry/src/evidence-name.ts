import { gateReportSchema } from '@repo/contract/gate-report';
import { InputError, show } from '@repo/contract/input-error';
import { parseJson } from './json-object.ts';

/**
 * What may be attached to a version beside its bundle: the report of the gates, the model card, what drift is judged by, the bill of
 * materials, and a signature of the digest.
 */
export const evidenceNames = ['report.json', 'card.md', 'drift.json', 'bom.cdx.json', 'model.sig'] as const;
export type EvidenceName = (typeof evidenceNames)[number];

/** Whose evidence it is to be. */
interface Subject {
  readonly model: string;
  readonly digest: string;
}

const refuse = (name: EvidenceName, received: string, { model, digest }: Subject): InputError =>
  new InputError({
    path: name,
    received,
    allowed: `one about ${digest} of ${model}`,
    action: 'make it from this bundle; evidence about another says nothing about it',
  });

/**
 * Checks that evidence is about a bundle: candidate and model of a report, the digest that any other names. What a signature
 * covers, its verification says. Throws InputError when it is about another, and for a report of no such form.
 */
export function checkEvidence(name: EvidenceName, content: Uint8Array, subject: Subject): void {
  if (name === 'report.json') {
    const { candidate, model } = parseJson(gateReportSchema, content, name);
    if (candidate.digest !== subject.digest || model !== subject.model)
      throw refuse(name, `a report about ${candidate.digest} of ${model}`, subject);
  } else if (name !== 'model.sig') {
    const hash = subject.digest.slice('sha256:'.length);
    if (!Buffer.from(content).includes(hash)) throw refuse(name, `${show(name)} without this digest`, subject);
  }
}
