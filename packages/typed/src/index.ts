/**
 * Typed struct views over Perfloc memory.
 *
 * @packageDocumentation
 */

/**
 * The name of this layer, as it stands in error codes (`PERFLOC_TYPED_...`).
 *
 * @public
 */
export const layerName = "typed";
