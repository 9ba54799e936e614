declare const _default: import("@repo/contract/model").Model;
export default _default;
