/**
 * The process that measures an allocator of JavaScript on a replace row:
 *
 *     node replace-process.js PEER COMMANDS PASSES TLSF-MODULE
 */
import { timePasses } from "../perfloc/passes.js";
import { readReplaceCommands } from "../replace-commands.js";
import { PEER_ALLOCATORS, type PeerName } from "./peer-allocator.js";
import { makePeerReplace } from "./peer-replace.js";

const [, , peer = "", path = "", passCount, tlsfModule = ""] = process.argv;
const makeAllocator = await PEER_ALLOCATORS[peer as PeerName]();
const commands = readReplaceCommands(path);
const allocator = makeAllocator({ objectCount: commands.slotCount, tlsfModule });
console.log(JSON.stringify(timePasses(makePeerReplace(allocator, commands), Number(passCount))));
