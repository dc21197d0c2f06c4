/**
 * The bridge to `node:diagnostics_channel`, for hosts that watch their libraries there. An entry of its own, which the package names
 * under the condition `node`; nothing is imported, so that no bundler meets a module that browsers lack.
 */

/** What it needs of a heap. */
interface EventSource {
  on(event: EventName, listener: (event: object) => void): () => void;
}

type EventName = (typeof EVENTS)[number];

const EVENTS = [
  "chunk-reserved",
  "chunk-released",
  "context-opened",
  "context-forwarded",
  "context-reset",
  "context-dropped",
  "out-of-memory",
  "misuse",
] as const;

interface DiagnosticsChannels {
  channel(name: string): { publish(message: object): void };
}

interface NodeHost {
  readonly process?: { getBuiltinModule?: (name: string) => DiagnosticsChannels | undefined };
}

/**
 * Publishes every event of a heap on the channel `perfloc:` and its name, such as `perfloc:context-opened`, with what `heap.on` gives its
 * listeners. From then on every event costs what telling costs, whether anybody subscribes to the channel or not.
 * @returns stops it. Where there is no `node:diagnostics_channel` (Node before 20.16, browsers) nothing is done
 */
export function publishDiagnostics(heap: EventSource): () => void {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- all of it may be missing
  const { process } = globalThis as unknown as NodeHost;
  const channels = process?.getBuiltinModule?.("node:diagnostics_channel");
  if (channels === undefined) return () => {};
  const stops = EVENTS.map((name) => {
    const channel = channels.channel(`perfloc:${name}`);
    return heap.on(name, (event) => channel.publish(event));
  });
  return () => {
    for (const stop of stops) stop();
  };
}
