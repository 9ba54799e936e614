import { z } from 'zod';

/** Types whose third character is g (m7g, t4g, c7gn) have Arm processors, which our image does not run on. */
const isX64 = (type: string): boolean => !/^[a-z]+\d+g/.test(type);

/** A row of the table of node groups, as it stands in Pulumi.<stack>.yaml. */
export const nodeGroupSchema = z
  .strictObject({
    /** Types to take, the first that is to be had; all as large as one another, or the autoscaler misjudges what fits. */
    instanceTypes: z
      .array(
        z
          .string()
          .regex(/^[a-z]+\d[a-z0-9-]*\.[a-z0-9]+$/, 'a type such as m7i.large')
          .refine(isX64, 'a type with x64 processors, which the image is built for'),
      )
      .min(1),
    minNodes: z.int().min(1).max(100),
    maxNodes: z.int().min(1).max(100),
    /** Spare capacity at a fraction of the price, which AWS takes back with two minutes' notice. */
    spot: z.boolean().default(false),
  })
  .superRefine(({ minNodes, maxNodes }, context) => {
    if (maxNodes >= minNodes) return;
    const params = { allowed: `at least minNodes, ${minNodes}`, action: 'raise it' };
    context.addIssue({ code: 'custom', path: ['maxNodes'], message: params.allowed, params });
  });

/** A group of nodes of one size. */
export type NodeGroup = z.output<typeof nodeGroupSchema>;

/**
 * Node groups by name. The first takes the traffic of the load balancer too; kube-proxy hands it on to pods on whatever node. The
 * autoscaler keeps each between its bounds.
 */
export const nodeGroupsSchema = z
  .record(z.string().regex(/^[a-z][a-z0-9-]{0,19}$/, 'a name of up to 20 of a-z, 0-9 and -'), nodeGroupSchema)
  .refine((groups) => Object.keys(groups).length > 0, 'at least one group');

export type NodeGroups = z.output<typeof nodeGroupsSchema>;
