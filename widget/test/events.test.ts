import { expect, test } from "vitest";

import { type ServerEvent, serverEvents } from "../src/events";

function body(...pieces: string[]): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream({
    start(controller) {
      for (const piece of pieces) controller.enqueue(encoder.encode(piece));
      controller.close();
    },
  });
}

async function read(stream: ReadableStream<Uint8Array>): Promise<ServerEvent[]> {
  const found: ServerEvent[] = [];
  for await (const event of serverEvents(stream)) found.push(event);
  return found;
}

test("events are read wherever the network cuts them", async () => {
  const whole = 'event: typing\ndata: {}\n\n: waiting\n\nevent: message\ndata: {"text":"a"}\n\n';
  const expected = [
    { name: "typing", data: "{}" },
    { name: "message", data: '{"text":"a"}' },
  ];
  for (let cut = 1; cut < whole.length; cut += 1) {
    expect(await read(body(whole.slice(0, cut), whole.slice(cut)))).toEqual(expected);
  }
});

test("letters of several bytes may be cut, too", async () => {
  const bytes = new TextEncoder().encode("data: ¿está?\n\n");
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const byte of bytes) controller.enqueue(new Uint8Array([byte]));
      controller.close();
    },
  });
  expect(await read(stream)).toEqual([{ name: "message", data: "¿está?" }]);
});

test("several lines of data are one text; Windows line ends and half events are no harm", async () => {
  expect(await read(body("data: a\r\ndata: b\r\n\r\nevent: done"))).toEqual([
    { name: "message", data: "a\nb" },
  ]);
});
