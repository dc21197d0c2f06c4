/*
 * A source came back while it was asked for memory, and dropped the context that asked: the allocation then went through in a dropped
 * context, which kept its memory for good.
 */
import { Arena } from "@perfloc/arena";
import { type CheckLevel, Heap, UseAfterDropError } from "@perfloc/context";
import { FailingSource } from "@perfloc-tooling/testkit";
import { expect, test } from "vitest";

const levels: readonly CheckLevel[] = ["off", "check", "debug", "sample"];
const lengths = [32, 100_000];
const cases = levels.flatMap((check) => lengths.map((byteLength) => ({ check, byteLength })));

/** Comes back when it is asked for memory. */
class RestlessSource extends FailingSource {
  comeBack = (): void => {};

  override acquire(byteLength: number): ReturnType<FailingSource["acquire"]> {
    this.comeBack();
    return super.acquire(byteLength);
  }
}

test.each(cases)("C33 C47 the context is dropped: $byteLength bytes, $check", (options) => {
  const { check, byteLength } = options;
  const source = new RestlessSource();
  const arena = new Arena({ source });
  const heap = new Heap({ arena, check });
  const parent = heap.open("parent");
  parent.setLimit(2 ** 20);
  const context = parent.open("asking");
  source.comeBack = () => {
    source.comeBack = () => {};
    context.drop();
  };
  expect(() => context.alloc(byteLength)).toThrow(UseAfterDropError);
  expect(() => context.alloc(byteLength)).toThrow(UseAfterDropError);
  heap.verify();
  expect(arena.stats().usedBytes).toBe(0);
  expect(parent.stats().subtreeUsedBytes).toBe(0);
  heap.dispose();
});
