/**
 * The process that measures a service with its records on the heap of JavaScript:
 *
 *     node record-process.js array|map|buffers RECORDS PER_TURN TURNS
 */
import { type RecordStore, runRecordService } from "../record-service.js";
import { makeBufferArray, makeObjectArray, makeObjectMap } from "./collected-records.js";

const [, , kind, recordCount, recordsPerTurn, turnCount] = process.argv;
const shape = {
  recordCount: Number(recordCount),
  recordsPerTurn: Number(recordsPerTurn),
  turnCount: Number(turnCount),
};
console.log(JSON.stringify(await runRecordService(makeStore(kind, shape.recordCount), shape)));

function makeStore(name: string | undefined, count: number): RecordStore {
  switch (name) {
    case "map":
      return makeObjectMap(count);
    case "buffers":
      return makeBufferArray();
    default:
      return makeObjectArray();
  }
}
