/** Every object of a context is aligned to this, in bytes. Not asked for less: `alloc` then takes a slow path. */
export const OBJECT_ALIGN = 16;
