import { type GateResult, Outcome } from '@repo/contract/gate-report';
import { plainText } from '@repo/contract/plain-text';
import { escapeHtml } from '@repo/training/report/html';
import { definitionPath, type JudgedModel, type ModelResult, modelOf, type UnjudgedModel } from './model-result.ts';
import { checkLine } from './number-text.ts';
import { notGoodChecks } from './report-rows.ts';
import { verdictSentence } from './verdict-sentence.ts';

/** XML takes no control characters, lone surrogates or U+FFFE and U+FFFF, not even as references; plain text has none of them. */
const xml = (text: string): string => escapeHtml(plainText(text));

type Kind = 'failure' | 'error' | 'skipped' | 'passed';

interface TestCase {
  name: string;
  kind: Kind;
  /** The `type` of a failure or error. */
  type: string;
  message: string;
  lines: readonly string[];
}

function element({ kind, type, message, lines }: TestCase): string {
  const body = lines.map(xml).join('\n');
  if (kind === 'passed') return body === '' ? '' : `<system-out>${body}</system-out>`;
  if (kind === 'skipped')
    return `<skipped message="${xml(message)}"/>${body === '' ? '' : `<system-out>${body}</system-out>`}`;
  return `<${kind} type="${type}" message="${xml(message)}">${body}</${kind}>`;
}

function testCase(model: string, one: TestCase): string {
  const inner = element(one);
  const start = `    <testcase classname="${xml(model)}" name="${xml(one.name)}" file="${definitionPath(model)}"`;
  return inner === '' ? `${start}/>` : `${start}>\n      ${inner}\n    </testcase>`;
}

/** A gate that threw has a check named `error`: it found nothing about the model. */
const threw = ({ checks }: GateResult): boolean =>
  checks.some(({ name, outcome }) => name === 'error' && outcome === Outcome.fail);

function gateCase(result: GateResult, { waived, refused }: JudgedModel['verdict']): TestCase {
  const { gate, outcome, summary } = result;
  const lines = notGoodChecks(result).map((check) => `${check.outcome}: ${checkLine(check)}`);
  const one = (kind: Kind, message: string): TestCase => ({ name: gate, kind, type: outcome, message, lines });
  const waiver = waived.find((candidate) => candidate.gate === gate);
  if (waiver !== undefined) {
    const { expires, approver, reason } = waiver;
    return one('skipped', `${outcome}, waived until ${expires} by ${approver}: ${reason}`);
  }
  const why = refused
    .filter((refusal) => refusal.waiver.gate === gate)
    .map((refusal) => `waiver refused: ${refusal.why}`);
  const said = [summary, ...why].join('; ');
  if (outcome === Outcome.notApplicable) return one('skipped', `not applicable: ${summary}`);
  if (outcome === Outcome.fail) return one(threw(result) ? 'error' : 'failure', said);
  if (outcome === Outcome.warn) lines.unshift(`warning: ${said}`);
  return one(outcome === Outcome.inconclusive ? 'failure' : 'passed', said);
}

const unjudgedCase = ({ problem }: UnjudgedModel): TestCase => ({
  name: 'report',
  kind: 'error',
  type: 'no report',
  message: 'the model could not be judged',
  lines: problem.split('\n').slice(0, 50),
});

const counts = (cases: readonly TestCase[]): string => {
  const count = (kind: Kind) => cases.filter((one) => one.kind === kind).length;
  return `tests="${cases.length}" failures="${count('failure')}" errors="${count('error')}" skipped="${count('skipped')}"`;
};

function suite(result: ModelResult, cases: readonly TestCase[]): string {
  const model = modelOf(result);
  const body = cases.map((one) => testCase(model, one)).join('\n');
  const verdict = 'report' in result ? xml(verdictSentence(result.report, result.verdict)) : '';
  const properties =
    verdict === '' ? '' : `    <properties>\n      <property name="verdict" value="${verdict}"/>\n    </properties>\n`;
  return `  <testsuite name="${xml(model)}" ${counts(cases)}>\n${properties}${body}\n  </testsuite>`;
}

/**
 * JUnit XML: a suite a model, a case a gate. JUnit knows no third outcome, and most of its readers hide what is skipped: hence an inconclusive gate is a failure
 * of type `inconclusive`, red but told apart; whether it blocks is the exit code's and the check run's to say. A gate that threw and a model without a report
 * are errors; a waived or not applicable gate is skipped and says why; a warning passes and is printed. No times: a report has no clock.
 */
export function renderJunit(results: readonly ModelResult[]): string {
  const suites = results.map((result) => ({
    result,
    cases:
      'report' in result ? result.report.gates.map((gate) => gateCase(gate, result.verdict)) : [unjudgedCase(result)],
  }));
  const all = counts(suites.flatMap(({ cases }) => cases));
  const body = suites.map(({ result, cases }) => suite(result, cases));
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="gates" ${all}>\n${body.map((one) => `${one}\n`).join('')}</testsuites>\n`;
}
