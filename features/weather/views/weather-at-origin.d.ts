/** The last published weather at the airport of departure; readings older than six hours say little about now. */
export declare const weatherAtOrigin: import("@repo/contract/view").View<{
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
