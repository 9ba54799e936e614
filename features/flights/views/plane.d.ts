/** What the register says about the plane; it does not go stale within 200 years. */
export declare const plane: import("@repo/contract/view").View<{
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
