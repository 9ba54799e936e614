import { describe, expect, it } from 'vitest';
import { evaluateIam, type IamRequest, Verdict } from './evaluate-iam.ts';
import { policyDocument, type Statement } from './policy-document.ts';

const allow = (more: Partial<Statement> = {}): Statement => ({
  Sid: 'A',
  Effect: 'Allow',
  Action: 's3:GetObject',
  Resource: 'arn:aws:s3:::b/*',
  ...more,
});
const deny = (more: Partial<Statement> = {}): Statement => ({ ...allow(more), Sid: 'D', Effect: 'Deny' });
const ask = (more: Partial<IamRequest> = {}): IamRequest => ({
  action: 's3:GetObject',
  resource: 'arn:aws:s3:::b/x',
  ...more,
});
const verdict = (statements: Statement[], request: IamRequest = ask()) =>
  evaluateIam([policyDocument(...statements)], request);
const holds = (condition: NonNullable<Statement['Condition']>, context: Record<string, string>): boolean =>
  verdict([allow({ Condition: condition })], ask({ context })) === Verdict.allow;

describe('evaluateIam', () => {
  it('refuses what nothing allows', () => {
    expect(verdict([])).toBe(Verdict.noAllow);
    expect(verdict([allow()], ask({ action: 's3:PutObject' }))).toBe(Verdict.noAllow);
    expect(verdict([allow()], ask({ resource: 'arn:aws:s3:::other/x' }))).toBe(Verdict.noAllow);
  });

  it('allows what one statement allows, whatever the case of the action', () => {
    expect(verdict([allow({ Action: ['ec2:Run*', 's3:GET*'] })])).toBe(Verdict.allow);
  });

  it('lets a deny win over every allow, in whatever order', () => {
    expect(verdict([allow(), deny(), allow({ Action: '*', Resource: '*' })])).toBe(Verdict.explicitDeny);
    expect(verdict([deny({ Resource: 'arn:aws:s3:::b/secret' }), allow()])).toBe(Verdict.allow);
  });

  it('keeps * within a part of an ARN and lets it cross slashes', () => {
    expect(verdict([allow({ Resource: 'arn:aws:s3:::b/*' })], ask({ resource: 'arn:aws:s3:::b/x/y:z' }))).toBe('allow');
    const anyRole = allow({ Action: 'iam:GetRole', Resource: 'arn:aws:*:role/x' });
    expect(verdict([anyRole], ask({ action: 'iam:GetRole', resource: 'arn:aws:iam::1:role/x' }))).toBe(Verdict.noAllow);
  });

  it('takes regular-expression signs in a pattern for what they are', () => {
    expect(verdict([allow({ Resource: 'arn:aws:s3:::b.c/+' })], ask({ resource: 'arn:aws:s3:::bXc/+' }))).toBe(
      'nothing allows it',
    );
    expect(verdict([allow({ Resource: 'arn:aws:s3:::?/x' })])).toBe(Verdict.allow);
  });

  it('asks every key of a condition, and one value of each', () => {
    const both = { StringEquals: { a: ['1', '2'], b: '3' } };
    expect(holds(both, { a: '2', b: '3' })).toBe(true);
    expect(holds(both, { a: '2', b: '4' })).toBe(false);
    expect(holds(both, { a: '2' })).toBe(false);
  });

  it.each([
    ['StringEquals', 'a*', 'ab', false],
    ['StringNotEquals', 'a', 'b', true],
    ['StringNotEquals', 'a', 'a', false],
    ['StringLike', 'a*', 'ab', true],
    ['StringLike', 'a*', 'ba', false],
    ['StringNotLike', 'a*', 'ab', false],
    ['ArnLike', 'arn:aws:s3:::b*', 'arn:aws:s3:::bc', true],
    ['ArnLike', 'arn:aws:*', 'arn:aws:s3:::bc', false],
    ['ArnNotLike', 'arn:aws:s3:::b*', 'arn:aws:s3:::bc', false],
    ['Bool', 'false', 'False', true],
    ['Bool', 'false', 'true', false],
    ['NumericLessThan', '1.2', '1.1', true],
    ['NumericLessThan', '1.2', '1.2', false],
  ])('knows %s: %s against %s is %s', (operator, wanted, value, expected) => {
    expect(holds({ [operator]: { key: wanted } }, { key: value })).toBe(expected);
  });

  it('holds a negated condition, and one with IfExists, when the request says nothing', () => {
    expect(holds({ StringNotEquals: { key: 'a' } }, {})).toBe(true);
    expect(holds({ StringEqualsIfExists: { key: 'a' } }, {})).toBe(true);
    expect(holds({ StringEqualsIfExists: { key: 'a' } }, { key: 'b' })).toBe(false);
    expect(holds({ StringEquals: { key: 'a' } }, {})).toBe(false);
    expect(holds({ Null: { key: 'true' } }, {})).toBe(true);
    expect(holds({ Null: { key: 'false' } }, {})).toBe(false);
  });

  it('throws for an operator that it does not know, rather than guess', () => {
    expect(() => holds({ IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } }, { 'aws:SourceIp': '10.1.1.1' })).toThrow(
      'IpAddress',
    );
  });

  it('puts what the request says into variables, and matches nothing when it says nothing', () => {
    const own = [allow({ Resource: `arn:aws:s3:::b/\${aws:PrincipalTag/team}/*` })];
    const resource = 'arn:aws:s3:::b/blue/x';
    expect(verdict(own, ask({ resource, context: { 'aws:PrincipalTag/team': 'blue' } }))).toBe(Verdict.allow);
    expect(verdict(own, ask({ resource, context: { 'aws:PrincipalTag/team': 'red' } }))).toBe(Verdict.noAllow);
    expect(verdict(own, ask({ resource: 'arn:aws:s3:::b//x' }))).toBe(Verdict.noAllow);
  });

  it('tells principals by kind and by name', () => {
    const trust = [allow({ Principal: { Service: 'ec2.amazonaws.com', AWS: 'arn:aws:iam::1:role/x' } })];
    expect(verdict(trust, ask({ principal: { Service: 'ec2.amazonaws.com' } }))).toBe(Verdict.allow);
    expect(verdict(trust, ask({ principal: { Service: 'eks.amazonaws.com' } }))).toBe(Verdict.noAllow);
    expect(verdict(trust, ask({ principal: { AWS: 'arn:aws:iam::1:role/x' } }))).toBe(Verdict.allow);
    expect(verdict(trust, ask({ principal: { AWS: 'arn:aws:iam::11:role/x' } }))).toBe(Verdict.noAllow);
    expect(verdict(trust, ask())).toBe(Verdict.noAllow);
  });

  it("leaves it to the asker's own documents where a resource names the root of their account", () => {
    const key = policyDocument(allow({ Principal: { AWS: 'arn:aws:iam::1:root' } }));
    const by = (arn: string, ...identity: Statement[]) =>
      evaluateIam([key], ask({ principal: { AWS: arn } }), undefined, [policyDocument(...identity)]);
    expect(by('arn:aws:iam::1:role/x')).toBe(Verdict.noAllow);
    expect(by('arn:aws:iam::1:role/x', allow())).toBe(Verdict.allow);
    expect(by('arn:aws:iam::1:role/x', allow(), deny())).toBe(Verdict.explicitDeny);
    expect(by('arn:aws:iam::11:role/x', allow())).toBe(Verdict.noAllow);
    expect(evaluateIam([], ask(), undefined, [policyDocument(allow())])).toBe(Verdict.noAllow);
  });

  it('allows no more than a boundary, which by itself allows nothing', () => {
    const own = [policyDocument(allow())];
    expect(evaluateIam(own, ask(), policyDocument(allow({ Action: 's3:*' })))).toBe(Verdict.allow);
    expect(evaluateIam(own, ask(), policyDocument(allow({ Action: 'ec2:*' })))).toBe(Verdict.noAllow);
    expect(evaluateIam([], ask(), policyDocument(allow()))).toBe(Verdict.noAllow);
    expect(evaluateIam(own, ask(), policyDocument(allow(), deny()))).toBe(Verdict.explicitDeny);
  });
});
