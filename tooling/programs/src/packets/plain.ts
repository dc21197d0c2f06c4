/** A router's look at packets, with a DataView and shifts. */
import { TCP, type Traffic, type TrafficReport, emptyReport } from "./capture.js";

/** Counts what it sees, and sends each packet on: with one hop less, and the checksum of that. */
export function forward({ bytes, offsets }: Traffic): TrafficReport {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const report = emptyReport();
  for (const at of offsets) {
    report.packets++;
    const headerBytes = (view.getUint8(at) & 0x0f) * 4;
    if (!isIntact(view, at, headerBytes)) {
      report.damaged++;
    } else if (view.getUint8(at + 8) <= 1) {
      report.expired++;
    } else {
      hop(view, at);
      const isFragment = (view.getUint16(at + 6) & 0x3fff) !== 0;
      if (isFragment) report.fragments++;
      let payloadBytes = view.getUint16(at + 2) - headerBytes;
      if (view.getUint8(at + 9) === TCP && !isFragment) {
        const tcp = at + headerBytes;
        payloadBytes -= (view.getUint8(tcp + 12) >>> 4) * 4;
        countSegment(report, view, tcp, payloadBytes);
      }
      report.payloadBytes += payloadBytes;
    }
  }
  return report;
}

/** Whether the words of a header add up to all ones, RFC 1071. */
function isIntact(view: DataView, at: number, headerBytes: number): boolean {
  let sum = 0;
  for (let word = 0; word < headerBytes; word += 2) sum += view.getUint16(at + word);
  return folded(sum) === 0xffff;
}

/** RFC 1624: the new checksum comes from the old one and the word that changes. */
function hop(view: DataView, at: number): void {
  view.setUint8(at + 8, view.getUint8(at + 8) - 1);
  view.setUint16(at + 10, ~folded((~view.getUint16(at + 10) & 0xffff) + 0xfeff) & 0xffff);
}

function countSegment(
  report: TrafficReport,
  view: DataView,
  tcp: number,
  payloadBytes: number,
): void {
  const flags = view.getUint8(tcp + 13);
  const isSyn = (flags & 0x02) !== 0;
  const isAck = (flags & 0x10) !== 0;
  const isEnd = (flags & 0x05) !== 0;
  if (isSyn && !isAck) report.opened++;
  if (isEnd) report.closed++;
  const port = view.getUint16(tcp + 2);
  if (port < 1024) report.bytesByPort[port]! += payloadBytes;
}

/** A sum of 16 bits with its carries, as RFC 1071 adds them. */
function folded(sum: number): number {
  const once = (sum & 0xffff) + (sum >>> 16);
  return (once & 0xffff) + (once >>> 16);
}
