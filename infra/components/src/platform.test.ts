import * as pulumi from '@pulumi/pulumi';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { PartState, Platform, type PlatformArgs } from './platform.ts';
import { archivePath, type Chart, platformCharts } from './platform-charts.ts';

let charts: { name: string; chart: unknown; version: unknown }[];

beforeEach(async () => {
  charts = [];
  await pulumi.runtime.setMocks({
    newResource: ({ type, name, inputs }) => {
      if (type.endsWith(':Release')) charts.push({ name, chart: inputs.chart, version: inputs.version });
      return { id: name, state: inputs };
    },
    call: ({ inputs }) => inputs,
  });
});

afterEach(() => pulumi.runtime.disconnect());

const { install, present, absent } = PartState;

const place = async (chart: Chart) => archivePath(chart);

async function standUp(parts: PlatformArgs['parts'], fetch = place) {
  const { releases } = new Platform('platform', { parts, fetch });
  const ids = Object.values(releases).map((release) => release.id);
  await new Promise((resolve) => void pulumi.all(ids).apply(resolve));
}

test('what the cluster has, or does without, is left out', async () => {
  await standUp({ rollouts: present, prometheus: absent, keda: install });
  expect(charts).toEqual([
    { name: 'platform-keda', chart: archivePath(platformCharts.keda), version: platformCharts.keda.version },
  ]);
});

test('on a cluster with nothing all three are installed, each from its verified archive', async () => {
  const verified: string[] = [];
  await standUp({ rollouts: install, prometheus: install, keda: install }, async (chart) => {
    verified.push(archivePath(chart));
    return archivePath(chart);
  });
  expect(charts.map(({ chart }) => chart).sort()).toEqual(verified.sort());
  expect(charts).toHaveLength(3);
});

test.each(Object.entries(platformCharts))('the address of %s names its version', (_, { url, version }) => {
  expect(url).toMatch(/^https:/);
  expect(url).toContain(`-${version}.tgz`);
});
