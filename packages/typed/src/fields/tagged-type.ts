/**
 * Tagged unions: a number that says which variant the bytes behind it hold.
 *
 *   | kind (u8) | padding | value of the variant: a union |          kind = position of the variant's name
 */
import type { Binding, Codec } from "../access/codec.js";
import { membersAlone, type Extent } from "../layout/extent.js";
import type { Arena } from "@perfloc/trim";
import type { Abi, GpuLack } from "../layout/abi.js";
import { type TextUndo, wholeWrite } from "../access/text-undo.js";
import {
  type FieldPlace,
  InvalidTypeError,
  InvalidValueError,
  UnknownFieldError,
  partOf,
  refusedValue,
  show,
} from "../errors.js";
import { type StructFields, checkFields } from "./field-names.js";
import { FieldType, ViewType } from "./field-type.js";
import { type Layout, knownAlignAt, layOut } from "../layout/layout.js";
import type { Memory } from "../access/memory.js";
import { arraysOf, defineViewMethods, equalValues } from "./record.js";
import { u8 } from "./scalar.js";
import type { FieldView } from "./struct-fields.js";
import { View, defineChildren } from "../access/view.js";

/**
 * One variant and its value: TypeScript knows the type of `value` once `kind` was compared.
 * @public
 */
export type TaggedValue<Variants extends StructFields> = {
  [Kind in keyof Variants]: { kind: Kind; value: Variants[Kind]["~faces"]["value"] };
}[keyof Variants];

/**
 * What can be stored: a variant, and its value or a part of it.
 * @public
 */
export type TaggedInput<Variants extends StructFields> = {
  [Kind in keyof Variants]: {
    readonly kind: Kind;
    readonly value?: Variants[Kind]["~faces"]["input"] | undefined;
  };
}[keyof Variants];

/**
 * The view of a tagged union. `kind` is changed with `$set` only, together with the value.
 * @public
 */
export type TaggedView<Variants extends StructFields> = FieldView<TaggedInput<Variants>> &
  {
    [Kind in keyof Variants]: {
      readonly kind: Kind;
      readonly value: Variants[Kind]["~faces"]["live"];
    };
  }[keyof Variants];

/**
 * A union that knows which variant it holds. Zeroed memory is the first variant, with its bytes zero.
 * @param variants - 1 to 256 types by name
 * @throws InvalidStructError for names that fields cannot have; InvalidTypeError for too many
 * @example
 * ```ts
 * const Shape = tagged({ circle: struct("Circle", { radius: f32 }), square: struct("Square", { side: f32 }) });
 * ```
 * @public
 */
export function tagged<const Variants extends StructFields>(
  variants: Variants,
): ViewType<TaggedValue<Variants>, TaggedInput<Variants>, TaggedView<Variants>> {
  return new TaggedType(variants);
}

interface PlainTagged {
  readonly kind: string;
  readonly value?: unknown;
}

class TaggedType extends ViewType {
  override readonly name: string = "tagged";
  readonly #types: ReadonlyMap<string, FieldType>;
  readonly #kinds: readonly string[];

  constructor(variants: StructFields) {
    super();
    this.#types = checkFields("tagged", variants);
    this.#kinds = [...this.#types.keys()];
    if (this.#kinds.length > 256)
      throw new InvalidTypeError("tagged", "it has more than 256 variants", "Nest another one.");
  }

  override measure(abi: Abi): Extent {
    const { size, align } = this.#layout(abi);
    return { size, align };
  }

  override lackOnGpu(): GpuLack {
    return {
      what: "tagged unions",
      hint: "Use a u32 for the kind, and words that the shader reads as the kind says.",
    };
  }

  override settle(value: unknown): unknown {
    if (value instanceof View) return value.$read();
    const type = isPlainTagged(value) ? this.#types.get(value.kind) : undefined;
    if (type === undefined || !isPlainTagged(value)) return value;
    const plain = value.value === undefined ? undefined : type.settle(value.value);
    return plain === value.value ? value : { ...value, value: plain };
  }

  override check(value: unknown, place: FieldPlace): void {
    const type = isPlainTagged(value) ? this.#types.get(value.kind) : undefined;
    const { structName, fieldName } = place;
    if (type === undefined || !isPlainTagged(value)) {
      const expected = `an object with a kind (${this.#kinds.join(", ")}) and a value`;
      if (!isPlainTagged(value)) throw refusedValue(place, this.name, expected, value);
      const fact = `(tagged) takes ${expected}, not kind ${show(value.kind)}`;
      throw new InvalidValueError(place, value, fact, `Pass ${expected}.`);
    }
    for (const name of Object.keys(value))
      if (name !== "kind" && name !== "value")
        throw new UnknownFieldError(structName, `${fieldName}.${name}`);
    if (value.value !== undefined) type.check(value.value, partOf(place, `${fieldName}.value`));
  }

  override bind(binding: Binding): Codec {
    const { size, members } = this.#layout(binding.abi);
    const valueOffset = members[1]!.byteOffset;
    const valueBytes = members[1]!.size;
    const fieldName = `${binding.fieldName}.value`;
    const knownAlign = knownAlignAt(binding.knownAlign, valueOffset);
    const variants = [...this.#types.values()].map((type) =>
      type.bind({ ...binding, fieldName, knownAlign, placedBits: undefined }),
    );
    const kinds = this.#kinds;
    const variantAt = ({ $u8 }: Memory, offset: number): number => {
      const tag = $u8[offset]!;
      if (tag < kinds.length) return tag;
      const fact = `holds the tag ${tag}, and has ${kinds.length} variants`;
      throw new InvalidValueError(binding, tag, fact, "Something else was written there.");
    };
    const write = (
      memory: Memory,
      offset: number,
      { kind, value }: PlainTagged,
      undo: TextUndo | undefined,
    ): void => {
      const tag = kinds.indexOf(kind);
      // What the old variant left would be nonsense in the new one.
      if (memory.$u8[offset] !== tag)
        memory.$u8.fill(0, offset + valueOffset, offset + valueOffset + valueBytes);
      memory.$u8[offset] = tag;
      if (value !== undefined) variants[tag]!.write(memory, offset + valueOffset, value, undo);
    };
    const storesTexts = variants.some((variant) => variant.storesTexts === true);
    const codec: Codec = {
      size,
      arrays: arraysOf(variants),
      storesTexts,
      read(memory, offset) {
        const tag = variantAt(memory, offset);
        return { kind: kinds[tag], value: variants[tag]!.read(memory, offset + valueOffset) };
      },
      write: storesTexts ? wholeWrite(size, write) : write,
      equals(memory, offset, other, otherOffset) {
        const tag = variantAt(memory, offset);
        const [at, otherAt] = [offset + valueOffset, otherOffset + valueOffset];
        const isSameKind = tag === variantAt(other, otherOffset);
        return isSameKind && equalValues(variants[tag]!, memory, at, other, otherAt);
      },
    };
    const ViewOfVariant = viewClassOf(kinds, variants, valueOffset, variantAt, binding);
    defineViewMethods(ViewOfVariant.prototype, codec, this, binding);
    return { ...codec, makeView: (arena) => new ViewOfVariant(arena) };
  }

  override get parts(): readonly FieldType[] {
    return [...this.#types.values()];
  }

  override get signature(): string {
    return `tagged{${[...this.#types].map(([name, type]) => `${name}:${type.signature}`).join()}}`;
  }

  override declaration(name: string): string {
    const members = [...this.#types].map(([member, type]) => `${type.declaration(member)};`);
    return `struct { uint8_t kind; union { ${members.join(" ")} } value; } ${name}`;
  }

  #layout(abi: Abi): Layout {
    const value = layOut(membersAlone(this.#types, abi), { abi, isUnion: true });
    const { size, align } = value;
    return layOut(
      [
        { name: "kind", ...u8.measure(abi) },
        { name: "value", size, align },
      ],
      { abi },
    );
  }
}

function isPlainTagged(value: unknown): value is PlainTagged {
  return typeof value === "object" && value !== null && "kind" in value;
}

/** Views with the variant's name as `kind` and the variant's view, or its value, as `value`. */
function viewClassOf(
  kinds: readonly string[],
  variants: readonly Codec[],
  valueOffset: number,
  variantAt: (memory: Memory, offset: number) => number,
  place: FieldPlace,
): new (arena: Arena) => View {
  class TaggedVariantView extends View {
    get kind(): unknown {
      return kinds[variantAt(this, this.$offset)]!;
    }

    set kind(kind: unknown) {
      const fact = "(tagged) changes its kind together with its value";
      throw new InvalidValueError(place, kind, fact, "Call $set({ kind, value }).");
    }

    get value(): unknown {
      const tag = variantAt(this, this.$offset);
      const offset = this.$offset + valueOffset;
      if (this.$makers[tag] === undefined) return variants[tag]!.read(this, offset);
      const view = this.$children[tag] ?? this.$enterChild(tag);
      view.$offset = offset;
      return view;
    }

    set value(value: unknown) {
      this.$set({ kind: this.kind, value });
    }
  }
  defineChildren(
    TaggedVariantView.prototype,
    variants.map(({ makeView }) => makeView),
  );
  return TaggedVariantView;
}
