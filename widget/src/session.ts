/**
 * What the tab remembers: the conversation's token, its opening, what is being typed.
 *
 * `sessionStorage` ends with the tab; computers are shared. A browser that forbids it keeps
 * things until the page is left.
 */

import { readMessage } from "./reading";
import type { Message, Started } from "./types";

// A page that is being left may hold its claim a moment longer than its successor waits for.
const CLAIM_PATIENCE_MS = 1000;

interface Kept {
  id: string;
  token: string;
  /** Milliseconds since 1970. */
  until: number;
  opening: Message | null;
}

/** The memory of one tab for one server. */
export class Session {
  readonly #key: string;
  readonly #memory = new Map<string, string>();
  #claimed: string | null = null;
  #release: () => void = () => undefined;

  /** Takes the server's address: each has a conversation of its own. */
  constructor(server: string) {
    this.#key = `rehab-assistant ${server}`;
  }

  /** The conversation that this tab had on its last page; null where there is none. */
  async resume(): Promise<Kept | null> {
    const kept = this.#kept();
    if (!kept) return null;
    if (kept.until > Date.now() && (await this.#claim(kept.id))) return kept;
    this.forget();
    return null;
  }

  /** Keeps a new conversation. */
  async keep(started: Started): Promise<void> {
    const kept: Kept = {
      id: Array.from(crypto.getRandomValues(new Uint32Array(4)), (part) => part.toString(36)).join(""),
      token: started.token,
      until: Date.now() + started.expires_in * 1000,
      opening: started.message,
    };
    this.#set("conversation", JSON.stringify(kept));
    await this.#claim(kept.id);
  }

  /** Forgets the conversation; what is being typed stays. */
  forget(): void {
    this.#set("conversation", "");
    this.#claimed = null;
    this.#release();
  }

  /** Forgets all that the tab knows. */
  clear(): void {
    this.forget();
    this.#set("draft", "");
    this.#set("open", "");
  }

  /** What is being typed. */
  get draft(): string {
    return this.#get("draft");
  }

  set draft(text: string) {
    this.#set("draft", text);
  }

  /** Whether the chat was open on the last page; null where nothing is known. */
  wasOpen(): boolean | null {
    const kept = this.#get("open");
    return kept ? kept === "yes" : null;
  }

  /** Keeps whether the chat is open, for the next page. */
  keepOpen(open: boolean): void {
    this.#set("open", open ? "yes" : "no");
  }

  #kept(): Kept | null {
    try {
      const raw = JSON.parse(this.#get("conversation")) as Partial<Kept>;
      if (!raw.token || !raw.id || !raw.until) return null;
      return { id: raw.id, token: raw.token, until: raw.until, opening: readMessage(raw.opening) };
    } catch {
      return null;
    }
  }

  /**
   * Claims a conversation for this tab; false where another tab has it.
   *
   * A duplicated tab gets a copy of the storage, but is another place, perhaps another reader.
   */
  async #claim(id: string): Promise<boolean> {
    // Not there in old browsers and on pages without TLS.
    const locks = (navigator as { locks?: LockManager }).locks;
    if (!locks || this.#claimed === id) return true;
    this.#release();
    const signal = AbortSignal.timeout(CLAIM_PATIENCE_MS);
    return new Promise((resolve) => {
      locks
        .request(`${this.#key} ${id}`, { signal }, () => {
          this.#claimed = id;
          resolve(true);
          return new Promise<void>((release) => {
            this.#release = release;
          });
        })
        .catch(() => {
          resolve(false);
        });
    });
  }

  #get(name: string): string {
    try {
      return sessionStorage.getItem(`${this.#key} ${name}`) ?? "";
    } catch {
      return this.#memory.get(name) ?? "";
    }
  }

  #set(name: string, value: string): void {
    try {
      if (value) sessionStorage.setItem(`${this.#key} ${name}`, value);
      else sessionStorage.removeItem(`${this.#key} ${name}`);
    } catch {
      this.#memory.set(name, value);
    }
  }
}
