/** What an image is made from and where it goes. */
export interface BuildOptions {
    readonly dockerfile: string;
    /** The staged folder. */
    readonly contextDir: string;
    /** Value of the Dockerfile's BASE: an image by digest, or `scratch`. */
    readonly base: string;
    /** Name that the archive carries, such as `localhost/causeway-inference:local`. */
    readonly name: string;
    /** OCI archive to write. */
    readonly outFile: string;
}
/** Builds an OCI archive with buildah or, without that, docker. Throws InputError when neither is on PATH, or the one that is fails. */
export declare function buildImage(options: BuildOptions): void;
