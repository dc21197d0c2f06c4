/** Wrong calls: each must be refused with its own error and change nothing. */
import { badAddresses, badAlignments, badSizes } from "@perfloc-tooling/testkit";
import { type Address, type ContextKind, Heap, type MemoryContext } from "@perfloc/context";
import type { ContextRecord } from "./context-record.js";
import { checkSame } from "./fail.js";
import type { HeapModel } from "./heap-model.js";
import type { Operation } from "./operation.js";
import { checkRefused } from "./refusal.js";

const INVALID_ADDRESS = "PERFLOC_CONTEXT_INVALID_ADDRESS";
const DOUBLE_FREE = "PERFLOC_CONTEXT_DOUBLE_FREE";
const WRONG_KIND = "PERFLOC_CONTEXT_WRONG_KIND";
const DROPPED = "PERFLOC_CONTEXT_DROPPED";
const STALE_MARK = "PERFLOC_CONTEXT_STALE_MARK";
const INVALID_SIZE = "PERFLOC_CONTEXT_INVALID_SIZE";
const INVALID_OPTION = "PERFLOC_CONTEXT_INVALID_OPTION";
const INVALID_PARENT = "PERFLOC_CONTEXT_INVALID_PARENT";

type Misuse = (model: HeapModel, context: ContextRecord, operation: Operation) => void;

/** Lengths that are whole numbers, but too many; they also tempt 32-bit arithmetic to wrap round. */
const tooLong: readonly number[] = [2 ** 30 + 1, 2 ** 31 - 1, 2 ** 31 - 7, 2 ** 32, 2 ** 32 + 8];

const misuses: readonly Misuse[] = [
  freeTwice,
  freeBigTwice,
  useInterior,
  useForeign,
  useWild,
  useNoAddress,
  askForNoLength,
  askForNoAlignment,
  useDropped,
  moveIllegally,
  useStaleMark,
  askForWrongKind,
  openBadly,
  limitBadly,
];

export function misuse(model: HeapModel, context: ContextRecord, operation: Operation): void {
  const before = JSON.stringify(model.heap.stats());
  misuses[operation.choice % misuses.length]!(model, context, operation);
  checkSame(JSON.stringify(model.heap.stats()), before, "stats after a refused call");
}

/** The calls that need a live object's address; contexts that cannot do them at all refuse them as such. */
function checkAddressRefused(
  { real, kind }: ContextRecord,
  address: Address,
  what: string,
  ...codes: readonly string[]
): void {
  const expected = kind === "bump" ? [WRONG_KIND] : codes;
  checkRefused(() => real.free(address), `free of ${what}`, ...expected);
  checkRefused(() => real.realloc(address, 24), `realloc of ${what}`, ...expected);
  checkRefused(() => real.sizeOf(address), `sizeOf ${what}`, ...expected);
}

/**
 * The process chunk of a freed slot may have gone back, because all of it was free; then the address is nobody's, another slot's, or a big
 * object was there and freed since.
 */
function freeTwice(model: HeapModel, context: ContextRecord, { target }: Operation): void {
  const { freedSlots, objects, real } = context;
  const slot = freedSlots[target % freedSlots.length];
  if (slot === undefined || objects.some(({ address }) => address === slot.address)) return;
  const { address } = slot;
  const isOwn = model.heap.arena.findChunk(address)?.ownerAt(address) === real.id;
  const mayBeAnother = isOwn
    ? slot.newestChunk !== real.newestChunk || slot.forwards !== real.state.forwards
    : context.freedBig.includes(address);
  const codes = mayBeAnother
    ? [DOUBLE_FREE, INVALID_ADDRESS]
    : [isOwn ? DOUBLE_FREE : INVALID_ADDRESS];
  checkAddressRefused(context, address, `freed address ${address}`, ...codes);
}

/**
 * A big object's pages leave its context. While nobody has them, only a context that freed one there can call it a double
 * free; once they are in use again, a freed slot may lie at that very address.
 */
function freeBigTwice(model: HeapModel, context: ContextRecord, { target }: Operation): void {
  const owner = model.contexts[target % model.contexts.length] ?? context;
  const address = owner.freedBig[target % owner.freedBig.length];
  if (address === undefined || context.objects.some((object) => object.address === address)) return;
  const isInUse = (model.heap.arena.findChunk(address)?.ownerAt(address) ?? 0) !== 0;
  const mayKnow = isInUse || context.freedBig.includes(address);
  const codes = mayKnow ? [DOUBLE_FREE, INVALID_ADDRESS] : [INVALID_ADDRESS];
  checkAddressRefused(context, address, `big object that was freed at ${address}`, ...codes);
}

function useInterior(_model: HeapModel, context: ContextRecord, { target }: Operation): void {
  const object = context.objects[target % context.objects.length];
  if (object === undefined || object.byteLength < 2) return;
  const distance = 1 + (target % (object.byteLength - 1));
  checkAddressRefused(context, object.address + distance, "interior address", INVALID_ADDRESS);
  const aligned = distance & ~15;
  if (aligned === 0) return;
  checkAddressRefused(context, object.address + aligned, "interior granule", INVALID_ADDRESS);
}

function useForeign(model: HeapModel, context: ContextRecord, { target }: Operation): void {
  const other = model.contexts[target % model.contexts.length];
  const object = other?.objects[target % other.objects.length];
  if (other === context || object === undefined) return;
  const { address } = object;
  checkAddressRefused(context, address, "another context's object", INVALID_ADDRESS);
  checkRefused(() => context.real.bytes(address, 1), "bytes of another context", INVALID_ADDRESS);
}

/** An address that belongs to nobody now: a hole, a header, a page that was given back. */
function useWild(model: HeapModel, context: ContextRecord, { target }: Operation): void {
  const { chunks } = model.heap.arena;
  const chunk = chunks[target % Math.max(1, chunks.length)];
  if (chunk === undefined || chunk.byteLength === 0) return;
  const address = chunk.base + ((target * 16) % chunk.byteLength);
  const isSlotFreed = context.freedSlots.some((slot) => slot.address === address);
  if (model.shadow.isClaimed(address) || isSlotFreed) return;
  checkAddressRefused(context, address, `wild address ${address}`, INVALID_ADDRESS, DOUBLE_FREE);
}

function useNoAddress(_model: HeapModel, context: ContextRecord, { target }: Operation): void {
  const address = badAddresses[target % badAddresses.length]!;
  checkAddressRefused(context, address, "what is no address", INVALID_ADDRESS);
  checkRefused(() => context.real.bytes(address, 0), "bytes of no address", INVALID_ADDRESS);
}

function askForNoLength(_model: HeapModel, context: ContextRecord, { target }: Operation): void {
  const lengths = [...badSizes, ...tooLong];
  const byteLength = lengths[target % lengths.length]!;
  const { real, kind, objects } = context;
  const what = `${String(byteLength)} bytes`;
  checkRefused(() => real.alloc(byteLength), `alloc of ${what}`, INVALID_SIZE);
  checkRefused(() => real.alloc(byteLength, 64), `aligned alloc of ${what}`, INVALID_SIZE);
  checkRefused(() => real.allocZeroed(byteLength), `allocZeroed of ${what}`, INVALID_SIZE);
  checkRefused(() => real.tryAlloc(byteLength), `tryAlloc of ${what}`, INVALID_SIZE);
  const object = objects[target % objects.length];
  if (object === undefined) return;
  const { address } = object;
  checkRefused(() => real.bytes(address, byteLength), `view of ${what}`, INVALID_SIZE);
  const code = kind === "bump" ? WRONG_KIND : INVALID_SIZE;
  checkRefused(() => real.realloc(address, byteLength), `realloc to ${what}`, code);
  checkRefused(() => real.bytes(address, 2 ** 30), "bytes past the chunk", INVALID_ADDRESS);
}

function askForNoAlignment(_model: HeapModel, context: ContextRecord, { target }: Operation): void {
  const alignment = badAlignments[target % badAlignments.length]!;
  checkRefused(
    () => context.real.alloc(1, alignment),
    `alignment of ${String(alignment)}`,
    "PERFLOC_CONTEXT_INVALID_ALIGNMENT",
  );
}

function useDropped(model: HeapModel, context: ContextRecord, { target }: Operation): void {
  const real = model.dropped[target % model.dropped.length];
  if (real === undefined) return;
  const mark = context.marks[0]?.real ?? context.staleMarks[0];
  const calls: readonly ((dropped: MemoryContext) => unknown)[] = [
    (dropped) => dropped.alloc(0),
    (dropped) => dropped.alloc(1),
    (dropped) => dropped.alloc(100_000),
    (dropped) => dropped.alloc(1, 64),
    (dropped) => dropped.allocZeroed(1),
    (dropped) => dropped.tryAlloc(1),
    (dropped) => dropped.free(context.objects[0]?.address ?? 4112),
    (dropped) => dropped.realloc(4112, 1),
    (dropped) => dropped.sizeOf(4112),
    (dropped) => dropped.bytes(4112, 1),
    (dropped) => dropped.open("child"),
    (dropped) => dropped.reset(),
    (dropped) => dropped.reset({ children: "keep" }),
    (dropped) => dropped.drop(),
    (dropped) => dropped.dropChildren(),
    (dropped) => dropped.setParent(context.real),
    (dropped) => context.real.setParent(dropped),
    (dropped) => dropped.checkpoint(),
    (dropped) => mark !== undefined && dropped.rollback(mark),
    (dropped) => mark !== undefined && dropped.commit(mark),
    (dropped) => dropped.onReset(() => {}),
    (dropped) => dropped.setLimit(4096),
    (dropped) => dropped.stats(),
  ];
  for (const [position, call] of calls.entries()) {
    if (mark === undefined && (position === 18 || position === 19)) continue;
    checkRefused(() => call(real), `call ${position} on a dropped context`, DROPPED);
  }
  real[Symbol.dispose]();
}

function moveIllegally(_model: HeapModel, context: ContextRecord, { target }: Operation): void {
  const { real } = context;
  const below = context.below();
  const child = below[target % below.length]?.real ?? real;
  checkRefused(() => real.setParent(real), "a move under itself", INVALID_PARENT);
  checkRefused(() => real.setParent(child), "a move under its child", INVALID_PARENT);
  using other = new Heap();
  checkRefused(() => real.setParent(other), "a move to another heap", INVALID_PARENT);
  const stranger = other.open("stranger");
  checkRefused(() => real.setParent(stranger), "a move into another heap", INVALID_PARENT);
}

function useStaleMark(model: HeapModel, context: ContextRecord, { target }: Operation): void {
  const other = model.contexts[target % model.contexts.length];
  const foreign = other === context ? undefined : other?.marks[0]?.real;
  const stale = context.staleMarks[target % context.staleMarks.length];
  for (const mark of [foreign, stale]) {
    if (mark === undefined) continue;
    checkRefused(() => context.real.rollback(mark), "rollback to a stale mark", STALE_MARK);
    checkRefused(() => context.real.commit(mark), "commit of a stale mark", STALE_MARK);
  }
}

function askForWrongKind(_model: HeapModel, context: ContextRecord): void {
  const { real, kind, slotBytes, objects } = context;
  if (kind === "bump") {
    checkAddressRefused(context, objects[0]?.address ?? 4112, "an object of a bump context");
  }
  if (kind !== "slab") return;
  checkRefused(() => real.alloc(slotBytes + 1), "more than a slot", WRONG_KIND);
  checkRefused(() => real.tryAlloc(slotBytes + 1), "more than a slot", WRONG_KIND);
  checkRefused(
    () => real.alloc(1, 32),
    "more than a slot's alignment",
    "PERFLOC_CONTEXT_INVALID_ALIGNMENT",
  );
  const [object] = objects;
  if (object === undefined) return;
  checkRefused(() => real.realloc(object.address, slotBytes + 1), "growth past a slot", WRONG_KIND);
}

function openBadly(_model: HeapModel, { real }: ContextRecord, { target }: Operation): void {
  const initialBytes = [0, ...badSizes][target % (badSizes.length + 1)];
  const isNumber = typeof initialBytes === "number";
  const kind = "stack" as unknown as ContextKind;
  checkRefused(() => real.open("bad", { kind }), "an unknown kind", INVALID_OPTION);
  checkRefused(() => real.open("bad", { kind: "slab" }), "a slab without slots", INVALID_OPTION);
  checkRefused(() => real.open("bad", { slotBytes: 8 }), "slots without a slab", INVALID_OPTION);
  if (!isNumber) return;
  checkRefused(() => real.open("bad", { initialBytes }), "a bad initial length", INVALID_OPTION);
  checkRefused(
    () => real.open("bad", { initialBytes: 8192, maxChunkBytes: 4096 }),
    "a cap below the first length",
    INVALID_OPTION,
  );
}

function limitBadly(_model: HeapModel, { real }: ContextRecord, { target }: Operation): void {
  const limits = [
    Number.NaN,
    -1,
    1.5,
    Number.NEGATIVE_INFINITY,
    2 ** 32 + 1,
    Number.MAX_SAFE_INTEGER,
  ];
  const maxBytes = limits[target % limits.length]!;
  checkRefused(() => real.setLimit(maxBytes), "a bad limit", "PERFLOC_CONTEXT_INVALID_LIMIT");
}
