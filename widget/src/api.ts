/** The web channel over HTTP. */

import { serverEvents } from "./events";
import { readDetail, readHistory, readMessage, readReply, readStarted } from "./reading";
import type { Entry, Message, Said, Started } from "./types";

// A turn takes the server 12 seconds at the most.
const PATIENCE_MS = 20_000;

/** The server said no; `message` is its sentence for a person, perhaps empty. */
export class Problem extends Error {
  override readonly name = "Problem";

  constructor(
    readonly status: number,
    detail: string,
  ) {
    super(detail);
  }
}

/** The server did not answer, or not in its own words. */
export class Unreachable extends Error {
  override readonly name = "Unreachable";
}

/** One server. Every method raises `Problem` or `Unreachable`. */
export class Api {
  readonly #server: string;

  /** Takes the channel's address, such as `https://chat.example.org/webhooks/web/`. */
  constructor(server: string) {
    this.#server = server.endsWith("/") ? server : `${server}/`;
  }

  /** Starts a conversation. */
  async start(): Promise<Started> {
    const started = readStarted(await json(await this.#send("sessions", "POST")));
    if (!started) throw new Unreachable();
    return started;
  }

  /** Says something; `onMessage` gets each message as soon as it is there. */
  async say(token: string, said: Said, onMessage: (message: Message) => void): Promise<void> {
    const response = await this.#send("messages", "POST", token, said, {
      Accept: "text/event-stream, application/json;q=0.9",
    });
    const streamed = response.headers.get("Content-Type")?.startsWith("text/event-stream");
    if (!streamed || !response.body) {
      readReply(await json(response)).forEach(onMessage);
      return;
    }
    await followed(response.body, onMessage);
  }

  /** The conversation so far. */
  async history(token: string): Promise<Entry[]> {
    return readHistory(await json(await this.#send("history", "GET", token)));
  }

  /** Erases the conversation. With `leaving` the request outlives the page. */
  async erase(token: string, leaving = false): Promise<void> {
    await this.#send("session", "DELETE", token, undefined, {}, leaving);
  }

  /** Says whether an answer helped. */
  async rate(token: string, answerId: string, helpful: boolean): Promise<void> {
    await this.#send("feedback", "POST", token, { answer_id: answerId, helpful });
  }

  async #send(
    path: string,
    method: string,
    token?: string,
    body?: object,
    headers: Record<string, string> = {},
    keepalive = false,
  ): Promise<Response> {
    const response = await fetch(this.#server + path, {
      method,
      headers: {
        ...headers,
        ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
        ...(body ? { "Content-Type": "application/json" } : {}),
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
      // The token is all that says who speaks: no cookie, nothing kept, no page named.
      credentials: "omit",
      cache: "no-store",
      referrerPolicy: "no-referrer",
      keepalive,
      signal: AbortSignal.timeout(PATIENCE_MS),
    }).catch(() => {
      throw new Unreachable();
    });
    if (!response.ok) throw await problem(response);
    return response;
  }
}

async function followed(
  body: ReadableStream<Uint8Array>,
  onMessage: (message: Message) => void,
): Promise<void> {
  try {
    for await (const event of serverEvents(body)) {
      if (event.name === "done") return;
      const data: unknown = JSON.parse(event.data);
      if (event.name === "problem") throw problemOf(data);
      const message = event.name === "message" ? readMessage(data) : null;
      if (message) onMessage(message);
    }
  } catch (error) {
    throw error instanceof Problem ? error : new Unreachable();
  }
  // It was cut off: what was said may stand in the history.
  throw new Unreachable();
}

async function json(response: Response): Promise<unknown> {
  return response.json().catch(() => {
    throw new Unreachable();
  });
}

async function problem(response: Response): Promise<Problem> {
  return new Problem(response.status, readDetail(await response.json().catch(() => null)));
}

function problemOf(data: unknown): Problem {
  const status = (data as { status?: unknown } | null)?.status;
  return new Problem(typeof status === "number" ? status : 500, readDetail(data));
}
