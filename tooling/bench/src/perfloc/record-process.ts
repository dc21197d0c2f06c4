/**
 * The process that measures a service with its records in Perfloc:
 *
 *     node record-process.js allocset|slab RECORDS PER_TURN TURNS
 */
import { Heap } from "@perfloc/context";
import { runRecordService } from "../record-service.js";
import { makeRecordContext } from "./record-context.js";

const [, , kind, recordCount, recordsPerTurn, turnCount] = process.argv;
const shape = {
  recordCount: Number(recordCount),
  recordsPerTurn: Number(recordsPerTurn),
  turnCount: Number(turnCount),
};
const store = makeRecordContext(
  new Heap(),
  kind === "slab" ? "slab" : "allocset",
  shape.recordCount,
);
console.log(JSON.stringify(await runRecordService(store, shape)));
