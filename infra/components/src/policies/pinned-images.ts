import { archivePath, platformCharts } from '../platform-charts.ts';
import type { DeclaredResource } from './declared-resource.ts';
import { textAt } from './input-at.ts';
import type { Finding, Policy } from './policy.ts';
import { workloadsOf } from './workload.ts';

/** All zeros are what somebody writes who looked none up. */
const digest = /@sha256:(?!0{64})[0-9a-f]{64}$/;
const exactVersion = /^v?\d+\.\d+\.\d+(?:[-+][\w.+-]+)?$/;

function chartProblem({ type, inputs }: DeclaredResource): string | null {
  if (!/^kubernetes:helm\.sh\/v\d:(?:Release|Chart)$/.test(type)) return null;
  const [chart, version] = [textAt(inputs, 'chart'), textAt(inputs, 'version')];
  if (!exactVersion.test(version))
    return `takes version ${version || 'whatever is newest'} of its chart; name one version exactly`;
  const isPinned = Object.values(platformCharts).some((one) => archivePath(one) === chart && one.version === version);
  return isPinned || digest.test(chart)
    ? null
    : `takes ${chart || 'no chart'} whatever lies there; name it by digest, or pin it in platform-charts.ts`;
}

function addonProblem({ type, inputs }: DeclaredResource): string | null {
  if (type !== 'aws:eks/addon:Addon' || textAt(inputs, 'addonVersion') !== '') return null;
  return 'takes whatever version is newest; set addonVersion';
}

/** What runs is what was looked at: images by digest, charts by exact version and digest (platform-charts.ts has those that are verified), add-ons by version. */
export const pinnedImages: Policy = {
  name: 'pinned-images',
  demands: 'Images are named by digest, charts by one exact version and a digest, add-ons by one exact version.',
  check: ({ stack, resources }) => {
    // On one machine without a registry an image has no digest that a registry would know.
    const isOwn = (image: string) => stack === 'local' && image.startsWith('localhost/');
    const images = workloadsOf(resources).flatMap(({ resource, containers }): Finding[] =>
      containers
        .filter(({ spec }) => !digest.test(textAt(spec, 'image')) && !isOwn(textAt(spec, 'image')))
        .map(({ name, spec }) => ({
          resource,
          problem: `container ${name} runs ${textAt(spec, 'image') || 'no image'}; name it by digest: <image>@sha256:<digest>`,
        })),
    );
    const charts = resources.flatMap((resource): Finding[] =>
      [chartProblem(resource), addonProblem(resource)].flatMap((problem) =>
        problem === null ? [] : [{ resource, problem }],
      ),
    );
    return [...images, ...charts];
  },
};
