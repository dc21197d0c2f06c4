/** A heap without structs: addresses and bytes. */
import { Heap } from "@perfloc/context";

const frame = new Heap().open("frame");
const address = frame.alloc(64);
frame.bytes(address, 64).fill(1);
console.log(address);
