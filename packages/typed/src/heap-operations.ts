/** The operations of structs in heaps: the implementation of views/heap-port.ts. */
import { Vec } from "./collections/vec.js";
import { inHeapsSource } from "./made/in-heaps-source.js";
import { MadeRecord } from "./made/made-record.js";
import { allocAnyhow, allocZeros, allocatorOf } from "./views/alloc-struct.js";
import { chunkForCursor } from "./views/chunk-for-struct.js";
import { makeStructColumns } from "./views/columns.js";
import { cursorAt, cursorNowhere, homeOf } from "./views/cursors-in-heaps.js";
import { staticsOfStruct } from "./views/field-statics.js";
import { defineFollow } from "./views/follow.js";
import type { HeapPort } from "./views/heap-port.js";
import { contextOf } from "./views/place.js";
import { allocStructArray } from "./views/struct-array.js";
import {
  copyStruct,
  equalStructs,
  fillStruct,
  readStruct,
  writeStruct,
} from "./views/whole-structs.js";

export const heapOperations: HeapPort = {
  makeRecord: (shape, struct) =>
    new MadeRecord(shape, {
      cursorAt: (context, address) => cursorAt(struct, context, address),
      allocAnyhow: (context, init) => allocAnyhow(struct, context, init),
      allocZeros: (context) => allocZeros(struct, context),
    }),
  accessInHeaps: inHeapsSource,
  defineFollow,
  chunkForCursor,
  allocatorOf,
  cursorNowhere,
  homeOf,
  contextOf,
  statics: staticsOfStruct,
  array: allocStructArray,
  vector: (struct, context) => new Vec(context, struct),
  columns: makeStructColumns,
  copy: copyStruct,
  equals: equalStructs,
  fill: fillStruct,
  toObject: readStruct,
  fromObject: writeStruct,
};
