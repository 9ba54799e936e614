/** The plane's last departure from New York: a plane that left late is late for its next flight too. */
export declare const planeLastDeparture: import("@repo/contract/view").View<{
    name: string;
    version: number;
    about: string;
    entity: string[];
    event: string;
    known: string;
    ttl: `${number}d` | `${number}h` | `${number}m` | `${number}s`;
    kind: "latest";
    features: Record<string, {
        from: "column";
        column: string;
    } | {
        from: "age";
        column: string;
        unit: "days" | "hours" | "years";
    }>;
}>;
