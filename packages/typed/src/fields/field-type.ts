/** What a field type is: the classes that {@link struct} takes its fields of. See access/codec.ts for what becomes of one at its place. */
import type { Abi, GpuLack } from "../layout/abi.js";
import type { Binding, Codec } from "../access/codec.js";
import type { FieldPlace } from "../errors.js";
import type { Extent } from "../layout/extent.js";
import { Printed, printsAs } from "../prints-as.js";
import { FIELD_TYPE_MARK } from "./no-type.js";

/** What another alignment or byte order makes of a type. */
export interface Modification {
  readonly alignment?: number;
  readonly isBigEndian?: boolean;
}

/**
 * The three sides of a field type in TypeScript. No object has them.
 * @public
 */
export interface FieldFaces<out Value, out Input, out Live, out IsValue extends boolean> {
  /** What `toObject` returns. */
  readonly value: Value;
  /** What can be stored. */
  readonly input: Input;
  /** What the property of a cursor is. */
  readonly live: Live;
  /** Whether the property is assigned as a whole. */
  readonly isValue: IsValue;
}

const NO_TYPES: readonly FieldType[] = [];

/**
 * The type of a field: what {@link struct} takes. Made by the constants and functions of this package only.
 * @public
 */
export abstract class FieldType<
  out Value = any,
  out Input = any,
  out Live = any,
  out IsValue extends boolean = boolean,
> {
  static {
    Object.defineProperty(FieldType.prototype, FIELD_TYPE_MARK, { value: true });
  }

  /** For TypeScript alone. */
  declare readonly "~faces": FieldFaces<Value, Input, Live, IsValue>;

  /** How it is written in a struct: `u8`, `array(f32, 3)`. */
  abstract readonly name: string;

  /** Size and alignment under an ABI. @internal */
  abstract measure(abi: Abi): Extent;

  /** How it is read and written at its place. @internal */
  abstract bind(binding: Binding): Codec;

  /** Size and alignment by itself, where the next one lies behind it. Only structs can be longer then than within others. @internal */
  measureAlone(abi: Abi): Extent {
    return this.measure(abi);
  }

  /** How it is read and written there. @internal */
  bindAlone(binding: Binding): Codec {
    return this.bind(binding);
  }

  /** The type in another alignment or byte order, where it can be more than a field; `undefined` where it cannot. @internal */
  modifiedBy(_name: string, _change: Modification): FieldType | undefined {
    return undefined;
  }

  /** Refuses values that the type does not take; called before anything is written. @throws InvalidValueError @internal */
  abstract check(value: unknown, place: FieldPlace): void;

  /**
   * The value with each view in it replaced by the plain value that it shows; everything else is returned as it was. Called before
   * anything is allocated, moved or written. @internal
   */
  settle(value: unknown): unknown {
    return value;
  }

  /** Why shaders cannot declare it in buffers; `undefined` where they can, its parts aside. @internal */
  lackOnGpu(_abi: Abi): GpuLack | undefined {
    return undefined;
  }

  /** The declaration of a member of this type in C, without the semicolon. @internal */
  abstract declaration(name: string): string;

  /** The members of a struct in C that a field of this type is: one, but for bit fields. @internal */
  members(name: string): readonly string[] {
    return [this.declaration(name)];
  }

  /** The types that it is made of. @internal */
  get parts(): readonly FieldType[] {
    return NO_TYPES;
  }

  /** The type whose values it has, when it is that type in another alignment or byte order. @internal */
  get unmodified(): FieldType {
    return this;
  }

  /** All that two types must share to read each other's bytes. @internal */
  get signature(): string {
    return this.name;
  }

  static {
    printsAs(
      FieldType.prototype,
      () => "type",
      (type) => new Printed(type.name),
    );
    Object.defineProperty(FieldType.prototype, "toJSON", {
      value(this: FieldType): string {
        return this.name;
      },
      configurable: true,
    });
  }
}

/**
 * The type of a field that is assigned as a whole: `cursor.mass = 1`.
 * @public
 */
export abstract class ValueType<out Value = any> extends FieldType<Value, Value, Value, true> {}

/**
 * The type of a field that is a view of its own: `cursor.position.x = 1`.
 * @public
 */
export abstract class ViewType<out Value = any, out Input = any, out Live = any> extends FieldType<
  Value,
  Input,
  Live,
  false
> {}
