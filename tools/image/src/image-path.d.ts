/** Where things lie in the image. `app` keeps the depth of the workspace, from which the service finds what it reads. */
export declare const ImagePath: {
    readonly app: 'app';
    readonly node: 'app/bin/node';
    readonly service: 'app/apps/inference/dist';
    readonly packages: 'app/node_modules';
    readonly models: 'app/models';
    readonly bom: 'app/bom.cdx.json';
    /** All that the service ever writes; a volume of the pod, as the rest cannot be written. */
    readonly state: 'app/.causeway';
};
