import type { AlertRule, RecordingRule, RuleGroup } from '../rule.ts';
import type { AlertCase, InputSeries } from './alert-case.ts';

const isAlert = (rule: AlertRule | RecordingRule): rule is AlertRule => 'alert' in rule;

/** An alert and what it looks at of what is recorded: promtool evaluates every rule that it is given, every minute. */
function rulesFor(alert: string, { name, rules }: RuleGroup): RuleGroup {
  const own = rules.filter(isAlert).filter((rule) => rule.alert === alert);
  const isLookedAt = (rule: AlertRule | RecordingRule): boolean =>
    !isAlert(rule) && own.some(({ expr }) => expr.includes(`${rule.record}{`));
  return { name, rules: [...rules.filter(isLookedAt), ...own] };
}

function testOf({ alert, afterMinutes, everyMinutes = 1 }: AlertCase, input: InputSeries, fires: boolean, i: number) {
  const name = `${alert} ${fires ? 'fires' : 'is quiet'}, case ${i + 1}`;
  const isFiring = `count(ALERTS{alertname='${alert}',alertstate='firing'}) > bool 0 or vector(0)`;
  return {
    name,
    interval: `${everyMinutes}m`,
    input_series: Object.entries(input).map(([series, values]) => ({ series, values })),
    promql_expr_test: [
      {
        // As a label, because promtool shows of what failed the query and not the name.
        expr: `label_replace(${isFiring}, 'case', '${name}', '', '')`,
        eval_time: `${afterMinutes}m`,
        exp_samples: [{ labels: `{case="${name}"}`, value: fires ? 1 : 0 }],
      },
    ],
  };
}

/**
 * The cases of alerts as files for `promtool test rules *.cases.json`, by name, with the rules that they test. What is asked is only whether
 * an alert fires: its texts may change without a case.
 */
export function promtoolFiles(group: RuleGroup, cases: readonly AlertCase[]): Record<string, object> {
  const files = cases.map((one) => {
    const [rules, prefix] = [`${one.alert}.rules.json`, `${one.alert}.cases.json`];
    const tests = [
      ...one.fires.map((input, i) => testOf(one, input, true, i)),
      ...one.quiet.map((input, i) => testOf(one, input, false, i)),
    ];
    return {
      [rules]: { groups: [rulesFor(one.alert, group)] },
      [prefix]: { rule_files: [rules], evaluation_interval: `${one.everyMinutes ?? 1}m`, tests },
    };
  });
  return Object.assign({}, ...files);
}
