/**
 * Reads a stream of server-sent events.
 *
 * `EventSource` cannot send a token, so the body of a `fetch` is read.
 */

export interface ServerEvent {
  name: string;
  data: string;
}

/** Yields each event of a body, as soon as it is whole. Comments (heartbeats) are passed over. */
export async function* serverEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<ServerEvent> {
  const reader = body.pipeThrough(new TextDecoderStream() as TransformStream<Uint8Array, string>).getReader();
  let rest = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      rest += value ?? "";
      const pieces = rest.split(/\r?\n\r?\n/);
      rest = pieces.pop() ?? "";
      for (const piece of pieces) {
        const event = parsed(piece);
        if (event) yield event;
      }
      if (done) return;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

function parsed(piece: string): ServerEvent | null {
  let name = "message";
  const data: string[] = [];
  for (const line of piece.split(/\r?\n/)) {
    const colon = line.indexOf(":");
    if (colon <= 0) continue;
    const value = line.slice(colon + 1).replace(/^ /, "");
    if (line.startsWith("event:")) name = value;
    if (line.startsWith("data:")) data.push(value);
  }
  return data.length ? { name, data: data.join("\n") } : null;
}
