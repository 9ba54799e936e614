/** A file or folder of an image. */
interface ImageEntry {
    readonly path: string;
    /** As tar and ls write it: `drwxr-xr-x`. */
    readonly mode: string;
    /** Numbers of user and group: `0/0`. */
    readonly owner: string;
}
/** What an OCI archive really holds, whatever it was meant to. */
export interface ImageInspection {
    /** Of the manifest: `sha256:...`, by which a registry serves it. */
    readonly digest: string;
    /** All layers as they travel. */
    readonly compressedBytes: number;
    /** All layers as they lie on a node. */
    readonly unpackedBytes: number;
    /** Who runs it, as the image says: `65532:65532`. Empty: root. */
    readonly user: string;
    readonly entries: readonly ImageEntry[];
    /** Text of the bill of materials; null when there is none. */
    readonly bom: string | null;
    /** Sources in the bundle of the service, such as `node_modules/express/lib/express.js`. */
    readonly sources: readonly string[];
}
/** Reads an OCI archive of one image with layers in gzip, as `buildImage` writes it. Throws Error for one of another kind. */
export declare function inspectImage(archive: string): Promise<ImageInspection>;
export {};
