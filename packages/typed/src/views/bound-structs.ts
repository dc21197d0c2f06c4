/** The bindings of one struct, one for each kind of place, since accessors contain the place. */
import type { Abi } from "../layout/abi.js";
import type { Binding } from "../access/codec.js";
import { bindStruct } from "./bind-struct.js";
import type { BoundStruct, ViewedStruct } from "./bound-struct.js";
import { linkedHeapPort } from "./heap-port.js";
import type { StructLayouts } from "./struct-layouts.js";

export class BoundStructs {
  readonly #struct: ViewedStruct;
  readonly #layouts: StructLayouts;
  /** The rules of the struct where it lies by itself. */
  readonly #abi: Abi;
  readonly #bound = new Map<string, BoundStruct>();
  /** Whether programs could use heaps when it was bound. */
  #isLinked = linkedHeapPort() !== undefined;
  /** By the logarithm of the alignment. */
  readonly #inBuffers: BoundStruct[] = [];
  #checked: BoundStruct | undefined = undefined;
  #unchecked: BoundStruct | undefined = undefined;

  constructor(struct: ViewedStruct, layouts: StructLayouts, abi: Abi) {
    this.#struct = struct;
    this.#layouts = layouts;
    this.#abi = abi;
  }

  /** Bound for structs that lie by themselves, as cursors see them. */
  alone(isChecked: boolean): BoundStruct {
    this.#bindAnewOnceLinked();
    if (isChecked) return (this.#checked ??= this.at(this.bindingAlone(true)));
    return (this.#unchecked ??= this.at(this.bindingAlone(false)));
  }

  /** Within something that asks for the rules that it has by itself, or for others. */
  within(binding: Binding): BoundStruct {
    const { abi, knownAlign, isBigEndian, isChecked } = binding;
    const { align, isBigEndian: own = false } = this.#struct;
    const isAlone = abi.name === this.#abi.name && knownAlign >= align && isBigEndian === own;
    return isAlone ? this.alone(isChecked) : this.at(binding);
  }

  /** In its own byte order, where it has one. */
  byItself(binding: Binding): BoundStruct {
    const { isBigEndian = binding.isBigEndian } = this.#struct;
    return this.within({ ...binding, isBigEndian });
  }

  /** As it lies in a buffer, at a multiple of `knownAlign`. */
  inBuffer(knownAlign: number): BoundStruct {
    this.#bindAnewOnceLinked();
    const log2 = 31 - Math.clz32(knownAlign);
    return (this.#inBuffers[log2] ??= this.at({ ...this.bindingAlone(true), knownAlign }));
  }

  /** Bound for any place: within another struct, in another byte order, less aligned. */
  at({ abi, isBigEndian, isChecked, knownAlign: around }: Binding): BoundStruct {
    this.#bindAnewOnceLinked();
    const layout = this.#layouts.under(abi);
    const knownAlign = Math.min(layout.align, around);
    const key = [abi.name, knownAlign, isBigEndian, isChecked].join();
    let bound = this.#bound.get(key);
    if (bound === undefined) {
      const { name } = this.#struct;
      const place = { structName: name, fieldName: "" };
      bound = bindStruct(this.#struct, layout, {
        abi,
        isBigEndian,
        isChecked,
        knownAlign,
        ...place,
      });
      this.#bound.set(key, bound);
    }
    return bound;
  }

  /** A program can load heaps when it has used the struct over buffers: the bindings of then know nothing of heaps. */
  #bindAnewOnceLinked(): void {
    if (this.#isLinked || linkedHeapPort() === undefined) return;
    this.#isLinked = true;
    this.#bound.clear();
    this.#inBuffers.length = 0;
    this.#checked = undefined;
    this.#unchecked = undefined;
  }

  bindingAlone(isChecked: boolean): Binding {
    const { name, align, isBigEndian = false } = this.#struct;
    return {
      abi: this.#abi,
      knownAlign: align,
      isBigEndian,
      isChecked,
      structName: name,
      fieldName: "",
    };
  }
}
