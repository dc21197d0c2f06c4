/**
 * Downsizing policies: which empty top chunks go back to the system, and when.
 *
 * @packageDocumentation
 */

/**
 * The name of this layer, as it stands in error codes (`PERFLOC_TRIM_...`).
 *
 * @public
 */
export const layerName = "trim";
