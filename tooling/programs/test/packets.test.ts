/** Both routers see and change the same bits, and those that the RFCs' examples have. */
import { expect, test } from "vitest";
import {
  type Traffic,
  type TrafficReport,
  checksumOf,
  makeTraffic,
} from "../src/packets/capture.js";
import { forward as forwardInStructs } from "../src/packets/perfloc.js";
import { forward } from "../src/packets/plain.js";

const ROUTERS = [forward, forwardInStructs];

/** What both make of packets, which have to be the same; and the bytes that they have then. */
function routed({ bytes, offsets }: Traffic): { report: TrafficReport; bytes: Buffer } {
  const [one, other] = ROUTERS.map((router) => {
    const own = Buffer.from(bytes);
    return { report: router({ bytes: own, offsets }), bytes: own };
  });
  expect(other).toEqual(one);
  return one!;
}

test("RFC 1071, section 3: the sum of the example, and its complement", () => {
  expect(checksumOf(Buffer.from("0001f203f4f5f6f7", "hex"))).toBe(~0xddf2 & 0xffff);
});

test("RFC 791, appendix A, example 1: an internet datagram on its way", () => {
  // 21 bytes, identification 111, time 123, protocol 1. The addresses, which the example leaves open, are documentation's.
  const header = Buffer.from("45000015006f00007b010000c0000201c6336402", "hex");
  header.writeUInt16BE(checksumOf(header), 10);
  const packet = Buffer.concat([header, Buffer.of(1)]);
  const { report, bytes } = routed({ bytes: packet, offsets: [0] });
  expect(report).toMatchObject({
    packets: 1,
    damaged: 0,
    expired: 0,
    fragments: 0,
    payloadBytes: 1,
  });
  expect(bytes[8]).toBe(122);
  expect(checksumOf(bytes.subarray(0, 20))).toBe(0);
});

test("headers whose checksums others have worked out", () => {
  // Of a datagram and of a segment, as textbooks print them.
  const udp = Buffer.from("45000073000040004011b861c0a80001c0a800c7", "hex");
  const tcp = Buffer.from("4500003c1c4640004006b1e6ac100a63ac100a0c", "hex");
  const opening = Buffer.concat([
    tcp,
    Buffer.from("0016005000000000000000005002000000000000", "hex"),
  ]);
  const { report, bytes } = routed({ bytes: Buffer.concat([udp, opening]), offsets: [0, 20] });
  expect(report).toMatchObject({ packets: 2, damaged: 0, opened: 1 });
  expect(report.payloadBytes).toBe(0x73 - 20 + (0x3c - 40));
  expect(report.bytesByPort[80]).toBe(0x3c - 40);
  // A hop less is 0x0100 less in its word, and as much more in the checksum.
  expect(bytes.toString("hex", 8, 12)).toBe("3f11b961");
  expect(bytes.toString("hex", 28, 32)).toBe("3f06b2e6");
});

test("a checksum that carries: RFC 1624 never makes it wrong", () => {
  const header = Buffer.from("450000140000000002110000c0a80001c0a800c7", "hex");
  for (let id = 0; id < 0x10000; id++) {
    header[8] = 2;
    header.writeUInt16BE(id, 4);
    header.writeUInt16BE(0, 10);
    header.writeUInt16BE(checksumOf(header), 10);
    forwardInStructs({ bytes: header, offsets: [0] });
    if (checksumOf(header) !== 0) expect.fail(`wrong for identification ${id}`);
  }
  expect(header[8]).toBe(1);
});

/** A datagram with a segment. @param words - of its header */
function segment(flags: number, words: number, port: number, payloadBytes: number): Buffer {
  const packet = Buffer.alloc(20 + words * 4 + payloadBytes);
  packet[0] = 0x45;
  packet.writeUInt16BE(packet.length, 2);
  packet.writeUInt16BE(0x4000, 6);
  packet[8] = 64;
  packet[9] = 6;
  packet.writeUInt16BE(checksumOf(packet.subarray(0, 20)), 10);
  packet.writeUInt16BE(port, 22);
  packet[32] = words << 4;
  packet[33] = flags;
  return packet;
}

test("segments of TCP: flags, options, ports", () => {
  const packets = [
    segment(0x02, 7, 443, 0), // SYN
    segment(0x12, 7, 40_000, 0), // SYN, ACK
    segment(0x18, 5, 443, 100), // PSH, ACK
    segment(0x11, 5, 443, 0), // FIN, ACK
    segment(0x04, 5, 80, 3), // RST
  ];
  const offsets = packets.map((_, index) => Buffer.concat(packets.slice(0, index)).length);
  const { report } = routed({ bytes: Buffer.concat(packets), offsets });
  expect(report).toMatchObject({ packets: 5, opened: 1, closed: 2, payloadBytes: 103 });
  expect([report.bytesByPort[443], report.bytesByPort[80]]).toEqual([100, 3]);
});

test.each([1, 2, 3])("made-up traffic, seed %i", (seed) => {
  const traffic = makeTraffic(2000, seed);
  const { report, bytes } = routed(traffic);
  for (const figure of ["damaged", "expired", "fragments", "opened", "closed"] as const)
    expect(report[figure]).toBeGreaterThan(10);
  // Packets that are not damaged have a right checksum after they lost one hop.
  let damaged = 0;
  for (const offset of traffic.offsets) {
    const end = offset + (bytes[offset]! & 0x0f) * 4;
    if (checksumOf(bytes.subarray(offset, end)) !== 0) damaged++;
  }
  expect(damaged).toBe(report.damaged);
});
