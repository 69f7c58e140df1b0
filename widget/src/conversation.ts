/** The conversation with the server, without a pixel of it. */

import { type Api, Problem } from "./api";
import type { Session } from "./session";
import type { Strings } from "./strings";
import type { Entry, Message, Said } from "./types";

/** Where a conversation is shown. */
export interface Screen {
  /** Shows what a conversation begins with. */
  opening(message: Message): void;
  /** Shows a conversation anew, in place of what was shown of it. */
  restore(entries: Entry[]): void;
  /** Shows a message of the assistant's. */
  add(message: Message): void;
  /** Says that the chat before is over; its choices can no longer be pressed. */
  ended(): void;
  /** Shows that an answer is on its way, or no longer. */
  waiting(waiting: boolean): void;
  /** Shows nothing of a conversation any more. */
  clear(): void;
}

/** What a person said, as it is shown. */
export interface Utterance {
  /** It is on its way, below all that was said. */
  pending(): void;
  /** It arrived. */
  sent(): void;
  /** It did not arrive. `again` is null where sending the same would fail again. */
  failed(detail: string, again: (() => void) | null): void;
}

/** What of a problem is worth trying again as it is. */
function mayPass(error: unknown): boolean {
  return !(error instanceof Problem) || error.status >= 500 || error.status === 429;
}

/** One person's conversation. */
export class Conversation {
  readonly #api: Api;
  readonly #session: Session;
  readonly #screen: Screen;
  readonly #strings: Strings;
  #token: Promise<string> | null = null;
  // The token of a conversation that has begun and is not known to have ended.
  #current = "";
  #waiting = 0;
  // How many things the person said are known to be in the server's history.
  #arrived = 0;
  // Whether the last message is a question of the assistant's.
  #asking = false;
  // A question was answered for good: the server may have forgotten what was said, as asked to.
  #mayForget = false;
  // Counts erasures: what arrives for an erased conversation is not shown.
  #era = 0;

  /** Takes the server, the tab's memory, where it is shown, and in which words. */
  constructor(api: Api, session: Session, screen: Screen, strings: Strings) {
    this.#api = api;
    this.#session = session;
    this.#screen = screen;
    this.#strings = strings;
  }

  /** Takes the tab's conversation up again, or starts one. */
  async begin(): Promise<void> {
    await this.#begun();
  }

  /** Says a text or presses a choice; whatever happens, `shown` is told. */
  async say(said: Said, shown: Utterance): Promise<void> {
    const era = this.#era;
    const wasAsking = this.#asking;
    shown.pending();
    this.#wait(1);
    try {
      await this.#deliver(said, shown, era);
      this.#arrived += 1;
      this.#mayForget ||= wasAsking && !this.#asking;
      shown.sent();
    } catch (error) {
      const again = mayPass(error) ? () => void this.#sayAgain(said, shown) : null;
      if (era === this.#era) shown.failed(this.explained(error), again);
    } finally {
      this.#wait(-1);
    }
    if (this.#mayForget && !this.#waiting) await this.#forgetWithServer();
  }

  /** Erases the conversation on the server and here. Raises where the server did not. */
  async erase(): Promise<void> {
    try {
      await this.#api.erase(await this.#begun());
    } catch (error) {
      // There is nothing left to erase.
      if (!(error instanceof Problem && error.status === 401)) throw error;
    }
    this.#forget();
    await this.begin().catch(() => undefined);
  }

  /** Forgets all here, and asks the server to, without waiting: the page is being left. */
  leave(): void {
    const token = this.#token;
    this.#forget();
    this.#session.clear();
    void token?.then((known) => this.#api.erase(known, true)).catch(() => undefined);
  }

  /** Says whether an answer helped. */
  async rate(answerId: string, helpful: boolean): Promise<void> {
    await this.#api.rate(await this.#begun(), answerId, helpful);
  }

  /** A sentence for a person on what went wrong. */
  explained(error: unknown): string {
    if (error instanceof Problem) return error.message || this.#strings.failed;
    return this.#strings.unreachable;
  }

  async #deliver(said: Said, shown: Utterance, era: number): Promise<void> {
    const received: Message[] = [];
    const onMessage = (message: Message): void => {
      received.push(message);
      if (era !== this.#era) return;
      this.#asking = message.kind === "prompt";
      this.#screen.add(message);
    };
    const token = await this.#begun();
    try {
      await this.#api.say(token, said, onMessage);
    } catch (error) {
      if (!(error instanceof Problem && error.status === 401) || era !== this.#era) throw error;
      const renewed = await this.#renewed(token);
      // A stream may end with the news that its conversation was erased meanwhile.
      if (received.length) return;
      if ("choice" in said) throw new Problem(400, this.#strings.choiceGone);
      shown.pending();
      await this.#api.say(renewed, said, onMessage);
    }
  }

  /** Sends once more, unless it had arrived and only the answer was lost. */
  async #sayAgain(said: Said, shown: Utterance): Promise<void> {
    shown.pending();
    this.#wait(1);
    try {
      const entries = await this.#api.history(await this.#begun());
      const arrived = count(entries);
      if (arrived > this.#arrived) {
        this.#screen.restore(entries);
        this.#arrived = arrived;
        return;
      }
    } catch {
      // The sending will tell what is wrong.
    } finally {
      this.#wait(-1);
    }
    await this.say(said, shown);
  }

  /** Shows no longer what the server has deleted: others may use this screen. */
  async #forgetWithServer(): Promise<void> {
    const era = this.#era;
    this.#mayForget = false;
    try {
      const entries = await this.#api.history(await this.#begun());
      const left = count(entries);
      if (era !== this.#era || this.#waiting || left >= this.#arrived) return;
      this.#screen.restore(entries);
      this.#arrived = left;
    } catch {
      // It is gone at the next page at the latest.
    }
  }

  async #begun(): Promise<string> {
    this.#token ??= this.#resumedOrFresh().catch((error: unknown) => {
      this.#token = null;
      throw error;
    });
    return (this.#current = await this.#token);
  }

  async #resumedOrFresh(): Promise<string> {
    const kept = await this.#session.resume();
    if (!kept) return this.#fresh();
    try {
      const entries = await this.#api.history(kept.token);
      if (kept.opening) this.#screen.opening(kept.opening);
      this.#screen.restore(entries);
      this.#arrived = count(entries);
      this.#asking = isAsking(entries);
      return kept.token;
    } catch (error) {
      if (!(error instanceof Problem && error.status === 401)) throw error;
      this.#session.forget();
      this.#screen.ended();
      return this.#fresh();
    }
  }

  async #fresh(): Promise<string> {
    const started = await this.#api.start();
    await this.#session.keep(started);
    this.#arrived = 0;
    this.#asking = false;
    if (started.message) this.#screen.opening(started.message);
    return started.token;
  }

  /** A new conversation in place of one that has ended; the first to notice makes it. */
  async #renewed(ended: string): Promise<string> {
    if (this.#current === ended) {
      this.#session.forget();
      this.#token = null;
      this.#current = "";
      this.#screen.ended();
    }
    return this.#begun();
  }

  #forget(): void {
    this.#era += 1;
    this.#token = null;
    this.#session.forget();
    this.#screen.clear();
  }

  #wait(change: 1 | -1): void {
    this.#waiting += change;
    this.#screen.waiting(this.#waiting > 0);
  }
}

function isAsking(entries: Entry[]): boolean {
  const last = entries.at(-1);
  return last?.from === "assistant" && last.message.kind === "prompt";
}

function count(entries: Entry[]): number {
  return entries.filter((entry) => entry.from === "person").length;
}
