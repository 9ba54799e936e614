import type { GateCheck } from '@repo/contract/gate-report';
import { parseInstant } from '@repo/contract/instant';
import type { Evidence, Side } from './evidence.ts';
import { exactCheck } from './exact-check.ts';

const name = 'test rows that the champion learned from';
const limit = { good: 'at most', at: 0 } as const;

/**
 * A champion that learned from the test rows would seem better than it is, and could not be beaten. Its days are those of a retrain, by its lineage,
 * else those that the definition declares. Where it learned from none that are later than the candidate's, the checks of the candidate's days say it all.
 */
export function championOverlap(champion: Side, { model, tables }: Evidence): GateCheck {
  const { train, validate } = champion.lineage.window ?? model.declaredSplit;
  const [fromUs, toUs] = [parseInstant(train[0], name), parseInstant(validate[1], name)];
  const isLater = validate[1] > model.split.validate[1];
  return exactCheck({
    name,
    value: isLater ? tables.test.timesUs.filter((time) => time >= fromUs && time < toUs).length : 0,
    limit,
    unit: 'rows',
    found: `The champion learned from ${train[0]} to ${validate[1]}.`,
    todo: 'Test on later days: causeway retrain chooses such.',
  });
}
