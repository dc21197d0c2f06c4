/** What `@perfloc/context` builds on: the planes, the spans with owners, and how things are printed. No promise to anybody else. */
export { GRANULE_SHIFT, PAGE_SHIFT, isAddress } from "./placement/address.js";
export { counted } from "./report/describe-arena.js";
export { printsAs } from "./report/inspect.js";
export { MAX_PARKED_ORDER } from "./spans/parked-spans.js";
export { type SpanAllocator } from "./spans/span-allocator.js";
export { requireStack } from "./stack-room.js";
export {
  ASKED_WORD,
  CELLS_FLAG,
  DEDICATED_FLAG,
  HIGH_WATER_WORD,
  NEXT_WORD,
  OWNER_ID_MASK,
  OWNER_WORD,
  PAGE_WORDS,
  PAGE_WORDS_SHIFT,
  PREVIOUS_WORD,
  RUN_WORD,
  recordAt,
  runAt,
  spanStart,
} from "./tables/page-table.js";
export { type Planes } from "./tables/planes.js";
