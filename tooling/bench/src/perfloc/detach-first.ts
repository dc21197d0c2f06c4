/**
 * Detaches an ArrayBuffer. Imported before a script (`node --import`), it shows the script as it runs in a process where
 * that ever happened: V8 then compiles a test for detached buffers into each access to a typed array.
 *
 * It happens sooner or later: when a top chunk is released, but also through every `fetch` and every transfer to a worker.
 */
const { port1, port2 } = new MessageChannel();
port1.postMessage(undefined, [new ArrayBuffer(8)]);
port1.close();
port2.close();
