import * as aws from '@pulumi/aws';
import * as pulumi from '@pulumi/pulumi';
import { namedTags, physicalName } from './naming.ts';
import { isProtected } from './stack.ts';
import type { StackArgs } from './stack-args.ts';

export interface ImageRepositoryArgs extends StackArgs {
  /** What its images are: `inference`; part of its name. */
  readonly purpose: string;
  readonly keyArn: pulumi.Input<string>;
  /** Images that stay, each with what is signed about it; the oldest beyond go. One that runs must be among them, or no new node can pull it. */
  readonly keepImages: number;
}

/** Where images are pushed: a tag never moves to another image, and each is scanned as it comes. */
export class ImageRepository extends pulumi.ComponentResource {
  /** `<account>.dkr.ecr.<region>.amazonaws.com/<name>`, to which `@<digest>` is added. */
  readonly url: pulumi.Output<string>;

  constructor(name: string, args: ImageRepositoryArgs, options?: pulumi.ComponentResourceOptions) {
    super('causeway:components:ImageRepository', name, {}, options);
    const { stack, tags, purpose, keyArn, keepImages } = args;
    const repositoryName = physicalName(stack, purpose);
    const repository = new aws.ecr.Repository(
      name,
      {
        name: repositoryName,
        imageTagMutability: 'IMMUTABLE',
        imageScanningConfiguration: { scanOnPush: true },
        encryptionConfigurations: [{ encryptionType: 'KMS', kmsKey: keyArn }],
        forceDelete: !isProtected(stack),
        tags: namedTags(tags, repositoryName),
      },
      { parent: this, protect: isProtected(stack) },
    );
    const policy = JSON.stringify(lifecycleOf(keepImages));
    new aws.ecr.LifecyclePolicy(name, { repository: repository.name, policy }, { parent: this });
    this.url = repository.repositoryUrl;
    this.registerOutputs({ url: this.url });
  }
}

/** What build-image.yml pushes for each image: itself, where it was made, and what is in it. ECR counts each of them as an image. */
const pushedPerImage = 3;

/** Nothing that is pushed here has a tag, and so a rule for tagged images would never see any. */
const lifecycleOf = (keepImages: number) => ({
  rules: [
    {
      rulePriority: 1,
      description: 'Keep the newest',
      selection: { tagStatus: 'any', countType: 'imageCountMoreThan', countNumber: keepImages * pushedPerImage },
      action: { type: 'expire' },
    },
  ],
});
