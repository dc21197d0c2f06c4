/** The host's own coders of UTF-8: typed here, because no ECMAScript library declares them. */

export interface TextCoder {
  /** Writes as much of `text` as has room; halves of surrogate pairs become U+FFFD. */
  encodeInto(text: string, bytes: Uint8Array): { readonly written: number };
  /** U+FFFD for each byte that is part of no character. */
  decode(bytes: Uint8Array): string;
}

interface Host {
  readonly TextEncoder: new () => Pick<TextCoder, "encodeInto">;
  readonly TextDecoder: new (
    label: string,
    options: { readonly ignoreBOM: boolean },
  ) => Pick<TextCoder, "decode">;
}

export function makeTextCoder(): TextCoder {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- every host of Perfloc has both
  const host = globalThis as unknown as Host;
  const encoder = new host.TextEncoder();
  // A byte order mark is a character like others: what was stored is what is read.
  const decoder = new host.TextDecoder("utf-8", { ignoreBOM: true });
  return {
    encodeInto: (text, bytes) => encoder.encodeInto(text, bytes),
    decode: (bytes) => decoder.decode(bytes),
  };
}
