/** The records of a service as the garbage collector keeps them: the counterparts of `perfloc/record-context.ts`. */
import type { RecordStore } from "../record-service.js";

export function makeObjectArray(): RecordStore {
  const records: (PlainRecord | undefined)[] = [];
  return {
    put(place, id) {
      const old = records[place];
      records[place] = new PlainRecord(id);
      return old === undefined ? 0 : old.id;
    },
  };
}

/** Objects by id. Who is to be replaced is known by place: the ids lie in a typed array beside the map. */
export function makeObjectMap(recordCount: number): RecordStore {
  const records = new Map<number, PlainRecord>();
  const ids = new Uint32Array(recordCount);
  return {
    put(place, id) {
      const oldId = ids[place]!;
      const old = records.get(oldId);
      records.delete(oldId);
      records.set(id, new PlainRecord(id));
      ids[place] = id;
      return old === undefined ? 0 : old.id;
    },
  };
}

const RECORD_BYTES = 24;

/** Slices of Node's pool. */
export function makeBufferArray(): RecordStore {
  const records: (Buffer | undefined)[] = [];
  return {
    put(place, id) {
      const old = records[place];
      const record = Buffer.allocUnsafe(RECORD_BYTES);
      record.writeDoubleLE(id / 2, 0);
      record.writeDoubleLE(id / 4, 8);
      record.writeUInt32LE(id, 16);
      record[20] = id & 255;
      records[place] = record;
      return old === undefined ? 0 : old.readUInt32LE(16);
    },
  };
}

class PlainRecord {
  readonly id: number;
  readonly x: number;
  readonly y: number;
  readonly flags: number;

  constructor(id: number) {
    this.id = id;
    this.x = id / 2;
    this.y = id / 4;
    this.flags = id & 255;
  }
}
