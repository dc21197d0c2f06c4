/** Packets as a network card hands them over: one after the other in one Buffer, IPv4 with TCP or UDP behind it. */
import { randomFrom } from "@perfloc-tooling/testkit";

export const TCP = 6;
const UDP = 17;

export interface Traffic {
  readonly bytes: Buffer;
  /** Where each packet begins. */
  readonly offsets: readonly number[];
}

/** What a look at all packets finds, as a router keeps it. */
export interface TrafficReport {
  packets: number;
  /** Headers whose checksum is wrong; nothing else of them counts. */
  damaged: number;
  /** Packets that have arrived at their last hop. */
  expired: number;
  fragments: number;
  /** Of TCP: those that begin a connection, and those that end one. */
  opened: number;
  closed: number;
  payloadBytes: number;
  /** Of TCP, to ports below 1024: bytes of payload by port. */
  bytesByPort: Uint32Array;
}

export function emptyReport(): TrafficReport {
  return {
    packets: 0,
    damaged: 0,
    expired: 0,
    fragments: 0,
    opened: 0,
    closed: 0,
    payloadBytes: 0,
    bytesByPort: new Uint32Array(1024),
  };
}

/** Made-up packets with headers as RFC 791 and RFC 9293 draw them, at any byte; some have options, some are damaged. */
export function makeTraffic(count: number, seed: number): Traffic {
  const random = randomFrom(seed);
  const upTo = (limit: number): number => Math.floor(random() * limit);
  const offsets: number[] = [];
  const packets: Buffer[] = [];
  let end = 0;
  for (let index = 0; index < count; index++) {
    const packet = makePacket(upTo);
    offsets.push(end);
    packets.push(packet);
    end += packet.length;
  }
  return { bytes: Buffer.concat(packets), offsets };
}

function makePacket(upTo: (limit: number) => number): Buffer {
  const headerBytes = upTo(8) === 0 ? 20 + 4 * (1 + upTo(10)) : 20;
  const isTcp = upTo(4) > 0;
  const tcpBytes = 20 + (upTo(3) === 0 ? 4 * (1 + upTo(10)) : 0);
  const payloadBytes = upTo(5) === 0 ? 0 : upTo(64);
  const packet = Buffer.alloc(headerBytes + (isTcp ? tcpBytes : 8) + payloadBytes);
  for (let at = 0; at < packet.length; at++) packet[at] = upTo(256);
  packet[0] = 0x40 | (headerBytes / 4);
  packet.writeUInt16BE(packet.length, 2);
  const isFragment = upTo(16) === 0;
  packet.writeUInt16BE(isFragment ? 0x2000 | upTo(0x2000) : 0x4000, 6);
  packet[8] = upTo(32) === 0 ? 1 : 2 + upTo(254);
  packet[9] = isTcp ? TCP : UDP;
  if (isTcp) {
    packet.writeUInt16BE(
      upTo(3) === 0 ? 1024 + upTo(60_000) : [22, 80, 443][upTo(3)]!,
      headerBytes + 2,
    );
    packet[headerBytes + 12] = (tcpBytes / 4) << 4;
    packet[headerBytes + 13] = [0x02, 0x12, 0x10, 0x10, 0x18, 0x11, 0x04][upTo(7)]!;
  }
  packet.writeUInt16BE(0, 10);
  packet.writeUInt16BE(checksumOf(packet.subarray(0, headerBytes)), 10);
  if (upTo(50) === 0) packet[12 + upTo(8)]! ^= 1 << upTo(8);
  return packet;
}

/** As RFC 1071 defines it. @param bytes - an even number of them */
export function checksumOf(bytes: Buffer): number {
  let sum = 0;
  for (let at = 0; at < bytes.length; at += 2) sum += bytes.readUInt16BE(at);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}
