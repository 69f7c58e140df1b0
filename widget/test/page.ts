/** Where a conversation is shown in tests: it writes down what a person would see. */

import type { Screen, Utterance } from "../src/conversation";
import type { Entry, Message } from "../src/types";

export class Page implements Screen {
  seen: string[] = [];
  isWaiting = false;
  again: (() => void) | null = null;

  opening(shown: Message): void {
    this.seen.push(`opening: ${shown.text}`);
  }
  restore(entries: Entry[]): void {
    this.seen = entries.map((entry) => (entry.from === "person" ? `me: ${entry.text}` : "answer"));
  }
  add(shown: Message): void {
    this.seen.push(shown.kind);
  }
  ended(): void {
    this.seen.push("ended");
  }
  waiting(waiting: boolean): void {
    this.isWaiting = waiting;
  }
  clear(): void {
    this.seen = [];
  }

  bubble(): Utterance & { state: string } {
    const bubble = {
      state: "",
      pending: () => (bubble.state = "pending"),
      sent: () => (bubble.state = "sent"),
      failed: (detail: string, again: (() => void) | null) => {
        bubble.state = `failed: ${detail}`;
        this.again = again;
      },
    };
    return bubble;
  }
}
