import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from 'vitest';
import { createRenderer } from './render-program.ts';
import type { Rendered, RenderedResource } from './rendered.ts';

const root = fileURLToPath(new URL('./fixtures/workspace', import.meta.url));
const renderer = createRenderer(root);
let network: Rendered;
let shop: Rendered;

function find({ resources }: Rendered, name: string): RenderedResource {
  const found = resources.find((one) => one.name === name);
  if (found === undefined) throw new Error(`${name} was not registered`);
  return found;
}

beforeAll(async () => {
  shop = await renderer.render('shop', 'dev');
  network = await renderer.render('network', 'dev');
}, 120_000);

test('a program registers its resources with their inputs, parents, providers and options', () => {
  expect(network.resources.map(({ type, name, parent }) => [type, name, parent])).toEqual([
    ['aws:ec2/subnet:Subnet', 'a', 'aws:ec2/vpc:Vpc vpc'],
    ['aws:ec2/subnet:Subnet', 'b', 'aws:ec2/vpc:Vpc vpc'],
    ['aws:ec2/vpc:Vpc', 'vpc', null],
  ]);
  expect(find(network, 'vpc')).toMatchObject({ inputs: { cidrBlock: '10.0.0.0/16' }, options: { protect: true } });
  expect(find(network, 'a').inputs).toEqual({ vpcId: 'vpc-id', cidrBlock: '10.0.0.0/24' });
  expect(find(network, 'a').urn).toBe('urn:pulumi:dev::network::aws:ec2/vpc:Vpc$aws:ec2/subnet:Subnet::a');
  expect(find(shop, 'keys').provider).toBe('abroad');
  expect(find(shop, 'goods').parent).toBe('shop:index:Shelf shelf');
});

test('what a program exports is there, and which of it is secret', () => {
  expect(network.outputs).toEqual({
    vpcId: 'vpc-id',
    subnetIds: ['a-id', 'b-id'],
    password: 'open sesame',
    nothing: null,
  });
  expect(network.secretOutputs).toEqual(['password']);
  expect(shop.outputs).toMatchObject({ title: 'The shop', subnetIds: ['a-id', 'b-id'] });
});

test('secrets of the configuration and of other programs stay marked', () => {
  const { inputs, secrets } = find(shop, 'keys');
  expect(inputs).toMatchObject({ description: 'vpc-id', allowedPattern: '3', value: '[secret] and open sesame' });
  expect(secrets).toEqual(['value']);
  expect(shop.outputs.closed).toBe('[secret]');
});

test('what depends on other resources is whole, so that a policy document can be read', () => {
  const { policy, description } = find(shop, 'read').inputs as { policy: string; description: string };
  expect(JSON.parse(policy)).toEqual({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::goods/*' }],
  });
  expect(description).toBe('123456789012');
});

test('what only the provider knows the form of is unknown, as in a preview', () => {
  expect(shop.outputs).toMatchObject({ cluster: 'cluster.status', created: '[unknown]' });
});

test('what was asked of providers and of other stacks is kept', () => {
  expect(shop.invokes.map(({ token }) => token)).toEqual([
    'aws:iam/getPolicyDocument:getPolicyDocument',
    'aws:index/getCallerIdentity:getCallerIdentity',
    'pulumi:pulumi:StackReference',
  ]);
});

test.each([
  ['a program that does not exist', 'shops', 'dev', /program: received "shops"/],
  ['a stack that does not exist', 'shop', 'devel', /stack: received .*devel/],
  ['a stack without a file', 'shop', 'prod', /Pulumi\.prod\.yaml: received no such file/],
  ['a program that throws', 'throws', 'dev', /infra\/throws on dev: received .*the door is shut/s],
  ['a resource of a name that is taken', 'twice', 'dev', /Duplicate resource URN/],
  ['an output that the other program does not have', 'misspelt', 'dev', /'vpcid' does not exist on stack/],
  ['a question that only a provider answers', 'asks', 'dev', /getAmi is asked of a provider/],
  ['programs that read each other', 'circle', 'dev', /circle reads circle/],
])('%s is an error that says so', async (_, program, stack, message) => {
  await expect(renderer.render(program, stack)).rejects.toThrow(message);
});
