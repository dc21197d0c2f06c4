/**
 * Integers of 64 bits as two words, for types whose values are numbers: a bigint for each access costs 30 ns.
 *
 *   | lower 32 bits (u32) | upper 32 bits (i32) |      upper * 2^32 + lower: exact up to 2^53
 */
import type { Binding, Codec } from "../access/codec.js";
import type { FieldPlace } from "../errors.js";
import type { Abi, GpuLack } from "../layout/abi.js";
import type { Extent } from "../layout/extent.js";
import { ValueType } from "./field-type.js";
import { i64 } from "./scalar.js";

const WORD = 2 ** 32;

/** Reads safe integers as numbers and all others as bigints. Writes safe integers only; the type that is stored as this one has to check that. */
class Int64Words extends ValueType<number | bigint> {
  override readonly name: string = i64.name;

  override measure(abi: Abi): Extent {
    return i64.measure(abi);
  }

  override lackOnGpu(abi: Abi): GpuLack | undefined {
    return i64.lackOnGpu(abi);
  }

  override bind(binding: Binding): Codec<number | bigint, number> {
    const codec: Codec<bigint> = i64.bind(binding);
    const { size, arrays } = codec;
    if (binding.isBigEndian || binding.knownAlign < 4)
      return {
        size,
        arrays,
        read: (memory, offset) => safeNumber(codec.read(memory, offset)),
        write: (memory, offset, value) => codec.write(memory, offset, BigInt(value)),
      };
    return {
      size,
      arrays: [...arrays, "u32", "i32"],
      read(memory, offset) {
        const word = offset >>> 2;
        const value = memory.$i32[word + 1]! * WORD + memory.$u32[word]!;
        return Number.isSafeInteger(value) ? value : codec.read(memory, offset);
      },
      write({ $u32, $i32 }, offset, value) {
        const word = offset >>> 2;
        $u32[word] = value;
        $i32[word + 1] = Math.floor(value / WORD);
      },
    };
  }

  override check(_value: unknown, _place: FieldPlace): void {
    // The types that are stored as this one have checked the value.
  }

  override get signature(): string {
    return i64.signature;
  }

  override declaration(name: string): string {
    return i64.declaration(name);
  }
}

function safeNumber(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

export const int64Words: ValueType<number | bigint> = new Int64Words();
