import { Enums, Models, Serialize, SPDX, Spec, Validation } from '@cyclonedx/cyclonedx-library';
import type { LockedPackage } from './locked-package.ts';
import type { StagedModel } from './stage-models.ts';
import type { SystemLibrary } from './system-library.ts';

/** What an image is made of. */
export interface Materials {
  /** Of the image. Left out: causeway-inference. */
  readonly name?: string;
  /** Version of the program. */
  readonly version: string;
  readonly packages: readonly LockedPackage[];
  /** Node, which comes as a package, and the SHA-256 of the binary that is in the image. */
  readonly node: { readonly version: string; readonly sha256: string };
  readonly models: readonly StagedModel[];
  /** None where a base image brings them: that has a list of its own. */
  readonly libraries: readonly SystemLibrary[];
}

const { ComponentType, HashAlgorithm } = Enums;

/** A purl: scope and name are parted by a slash, the at sign is escaped. Source: package-url/purl-spec, type npm. */
const npmPurl = ({ name, version }: LockedPackage): string => `pkg:npm/${name.replace('@', '%40')}@${version}`;

function licenseOf(license: string): Models.SpdxLicense | Models.LicenseExpression | Models.NamedLicense {
  if (SPDX.isSupportedSpdxId(license)) return new Models.SpdxLicense(license);
  return / (OR|AND|WITH) /.test(license) ? new Models.LicenseExpression(license) : new Models.NamedLicense(license);
}

function packageComponent(locked: LockedPackage): Models.Component {
  const purl = npmPurl(locked);
  const component = new Models.Component(ComponentType.Library, locked.name, {
    version: locked.version,
    purl,
    bomRef: purl,
  });
  if (locked.license !== null) component.licenses.add(licenseOf(locked.license));
  if (locked.sha512 !== null) component.hashes.set(HashAlgorithm['SHA-512'], locked.sha512);
  return component;
}

function fileComponent(
  type: Enums.ComponentType,
  name: string,
  { version, purl, sha256 }: { version: string; purl: string | undefined; sha256: string },
): Models.Component {
  const component = new Models.Component(type, name, {
    version,
    ...(purl === undefined ? {} : { purl }),
    bomRef: `${name}@${version}`,
  });
  component.hashes.set(HashAlgorithm['SHA-256'], sha256);
  return component;
}

/**
 * The CycloneDX 1.6 bill of materials of an image, as JSON: Node, the npm packages of which something is in it, the models with the digests
 * of their bundles, and the system's libraries. It holds no time and no serial number, so that the same materials are the same bytes.
 * Throws Error when the standard's own schema refuses it.
 */
export async function billOfMaterials(materials: Materials): Promise<string> {
  const { name = 'causeway-inference', version, packages, node, models, libraries } = materials;
  const bom = new Models.Bom();
  const service = new Models.Component(ComponentType.Application, name, { version, bomRef: name });
  const packageOf = new Map(packages.map((one) => [npmPurl(one), one]));
  const components = [
    fileComponent(ComponentType.Platform, 'node', { ...node, purl: `pkg:generic/node@${node.version}` }),
    ...[...packageOf.values()].map(packageComponent),
    ...models.map(({ model, version: number, digest }) =>
      fileComponent(ComponentType.MachineLearningModel, model, {
        version: String(number),
        purl: undefined,
        sha256: digest.slice('sha256:'.length),
      }),
    ),
    ...libraries.map((library) => fileComponent(ComponentType.Library, library.name, library)),
  ];
  for (const component of components) {
    bom.components.add(component);
    service.dependencies.add(component.bomRef);
  }
  bom.metadata.component = service;
  const text = new Serialize.JsonSerializer(new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6)).serialize(bom, {
    sortLists: true,
    space: 1,
  });
  const refusal = await new Validation.JsonStrictValidator(Spec.Version.v1dot6).validate(text);
  if (refusal !== null) throw new Error(`the bill of materials breaks its schema: ${JSON.stringify(refusal)}`);
  return text;
}
