import type { GateCheck } from '@repo/contract/gate-report';
import type { Model } from '@repo/contract/model';
import { viewColumns } from '@repo/training/view-columns';
import { bundleAgreement } from '../bundle-agreement.ts';
import type { Evidence, Side } from '../evidence.ts';
import { factCheck } from '../fact-check.ts';
import type { Gate } from '../gate.ts';
import { idleLimit, limitCheck } from '../limit-check.ts';
import { onnxFileChecks } from '../onnx-file-checks.ts';

/** The ONNX files of a bundle against its contract. */
function files({ contents, contract }: Side): GateCheck[] {
  const { model, output, features } = contract;
  const input = { name: contract.input.name, width: features.length };
  const main = onnxFileChecks({
    file: 'model.onnx',
    bytes: contents['model.onnx'],
    model,
    input,
    output: output.name,
  });
  const compact = contents['compact.onnx'];
  const outliers = contents['outliers.onnx'];
  const narrow = { name: 'features', width: viewColumns(contract).request.length };
  return [
    ...main,
    ...(compact === undefined
      ? []
      : onnxFileChecks({ file: 'compact.onnx', bytes: compact, model, input: narrow, output: output.name })),
    ...(outliers === undefined
      ? []
      : onnxFileChecks({
          file: 'outliers.onnx',
          bytes: outliers,
          model,
          input: { ...narrow, width: features.length },
          output: 'outlier_score',
        })),
  ];
}

/** The definition and the bundle are about the same model. */
function identity(model: Model, { contract }: Side): GateCheck {
  const isGood = contract.model === model.name && contract.task === model.task;
  const found = `${contract.model}, ${contract.task}`;
  return factCheck(
    'contract.json: model',
    isGood,
    isGood ? found : `It is of ${found}; the definition is of ${model.name}, ${model.task}. Train this model.`,
  );
}

/** The answers that the bundle promises a service, which checks them before it calls itself ready. */
async function golden({ golden: expected, scorer, contract, failure }: Side): Promise<GateCheck> {
  const name = 'golden answers';
  if (failure !== null) return factCheck(name, false, failure);
  const width = contract.features.length;
  const rows = expected.features.filter((row) => row.length === width);
  const values = Float32Array.from(rows.flat(), (value) => value ?? Number.NaN);
  const answers = await scorer.score(values, rows.length);
  const off = answers.map((answer, row) => Math.abs(answer - (expected.outputs[row] ?? Number.NaN)));
  const wrong = off.filter((difference) => !(difference <= expected.tolerance)).length;
  return factCheck(
    name,
    wrong === 0 && rows.length === expected.features.length,
    wrong === 0
      ? `${rows.length} rows within ${expected.tolerance}`
      : `${wrong} of ${rows.length} rows are answered otherwise than golden.json says, by up to ${Math.max(...off)}. Train again: model.onnx is not the one that was measured.`,
  );
}

function size(evidence: Evidence): GateCheck[] {
  const { candidate, champion } = evidence;
  const bytes = candidate.contents['model.onnx'].length;
  const mebibytes = bytes / 2 ** 20;
  const absolute = limitCheck(evidence, 'modelMiB', {
    value: mebibytes,
    found: `model.onnx takes ${mebibytes.toFixed(2)} MiB.`,
    todo: 'A larger file loads and ships slower: grow fewer or smaller trees, or set gates.limits.modelMiB with a reason.',
  });
  if (champion === null) return [absolute, idleLimit(evidence, 'modelGrowth', 'There is no champion yet.')];
  const ratio = bytes / champion.contents['model.onnx'].length;
  return [
    absolute,
    limitCheck(evidence, 'modelGrowth', {
      value: ratio,
      found: `model.onnx is ${ratio.toFixed(2)} times as large as the champion's.`,
      todo: 'Growth should buy quality: grow fewer trees, or set gates.limits.modelGrowth with a reason.',
    }),
  ];
}

/**
 * The bundle is what its contract says: every ONNX file read as a ModelProto (operator sets, names, types, shapes, no constants outside, the
 * model that its metadata names), the JSON files in agreement, golden answers reproduced, and sizes within limits. Never waived.
 */
export const artifactContract: Gate = {
  name: 'artifact-contract',
  onFiles: true,
  run: async (evidence) => {
    const { model, candidate } = evidence;
    return [
      identity(model, candidate),
      ...files(candidate),
      ...bundleAgreement(candidate),
      await golden(candidate),
      ...size(evidence),
    ];
  },
};
