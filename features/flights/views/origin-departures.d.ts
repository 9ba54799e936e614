/** How the airport of departure is doing now: three hours, as its weather and queues turn that fast. */
export declare const originDepartures: import("@repo/contract/view").View<{
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
