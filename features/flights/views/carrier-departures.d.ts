/** How the carrier is doing today, across its New York airports. */
export declare const carrierDepartures: import("@repo/contract/view").View<{
    name: string;
    version: number;
    about: string;
    entity: string[];
    event: string;
    known: string;
    ttl: `${number}d` | `${number}h` | `${number}m` | `${number}s`;
    kind: "window";
    window: `${number}d` | `${number}h` | `${number}m` | `${number}s`;
    features: Record<string, {
        from: "mean";
        column: string;
    } | {
        from: "count";
        column: string;
    }>;
}>;
