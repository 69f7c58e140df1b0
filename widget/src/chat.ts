/** The parts of a chat, put together: the launcher, the window, and the conversation in it. */

import { Announcer } from "./announcer";
import { Api, Problem } from "./api";
import { Composer } from "./composer";
import { Conversation } from "./conversation";
import { Launcher } from "./launcher";
import { Log } from "./log";
import type { Deeds } from "./message_view";
import { panelView } from "./panel";
import { Session } from "./session";
import type { Strings } from "./strings";
import type { Choice, Said } from "./types";

/** What the chat asks of the tag that carries it. */
export interface Host {
  readonly open: boolean;
  show(): void;
  hide(): void;
  leave(): void;
  /** Tells the page. */
  tell(name: string, detail?: Record<string, string>): void;
}

export class Chat {
  readonly launcher: Launcher;
  readonly panel: HTMLElement;
  readonly composer: Composer;
  readonly session: Session;
  readonly #host: Host;
  readonly #strings: Strings;
  readonly #announcer: Announcer;
  readonly #log: Log;
  readonly #conversation: Conversation;
  // Until a server says that it does not count what helped.
  #rated = true;

  /** Takes the name of the chat, its words, and the address of the web channel. */
  constructor(host: Host, title: string, strings: Strings, server: string) {
    this.#host = host;
    this.#strings = strings;
    this.session = new Session(server);
    this.#announcer = new Announcer(strings);
    this.#log = new Log(strings, this.#announcer, this.#deeds(), {
      onMessage: () => {
        host.tell("message", { from: "assistant" });
        if (!host.open) this.launcher.unread += 1;
      },
      onEdit: (text) => {
        this.composer.text = [text, this.composer.text].filter(Boolean).join("\n");
        this.composer.focus();
      },
      onWrite: () => {
        this.composer.focus();
      },
    });
    this.#conversation = new Conversation(new Api(server), this.session, this.#log, strings);
    this.composer = new Composer(
      strings,
      (text) => {
        this.#say({ text }, text, false);
      },
      (text) => {
        this.session.draft = text;
      },
    );
    this.launcher = new Launcher(strings, title, () => {
      host.show();
    });
    this.panel = this.#panel(title);
  }

  /** Shows or hides the window; the first time it is seen, a conversation begins. */
  toggle(open: boolean): void {
    this.panel.hidden = !open;
    this.launcher.element.setAttribute("aria-expanded", String(open));
    this.session.keepOpen(open);
    if (!open) return;
    this.launcher.unread = 0;
    if (!this.composer.text) this.composer.text = this.session.draft;
    this.#log.showLatest();
    this.#begin();
  }

  /** Says whether there is a network. */
  showLine(): void {
    const line = this.panel.querySelector(".offline");
    if (line) line.textContent = navigator.onLine ? "" : this.#strings.offline;
  }

  /** Forgets everything at once. */
  leave(): void {
    this.composer.text = "";
    this.#conversation.leave();
  }

  #say(said: Said, text: string, pressed: boolean): void {
    this.#host.tell("message", { from: "person" });
    void this.#conversation.say(said, this.#log.said(text, pressed));
  }

  #begin(): void {
    this.#conversation.begin().catch((error: unknown) => {
      this.#log.trouble(this.#conversation.explained(error), () => {
        this.#begin();
      });
    });
  }

  #deeds(): Deeds {
    const rate = this.#rate.bind(this);
    const isRated = (): boolean => this.#rated;
    return {
      say: (text: string) => {
        this.#say({ text }, text, true);
      },
      choose: (choice: Choice) => {
        this.#say({ choice: choice.id }, choice.title, true);
      },
      get rate() {
        return isRated() ? rate : null;
      },
    };
  }

  async #rate(answerId: string, helpful: boolean): Promise<boolean> {
    try {
      await this.#conversation.rate(answerId, helpful);
      return true;
    } catch (error) {
      if (!(error instanceof Problem && (error.status === 404 || error.status === 405))) throw error;
      this.#rated = false;
      for (const vote of this.panel.querySelectorAll(".vote")) vote.remove();
      return false;
    }
  }

  #panel(title: string): HTMLElement {
    const deeds = {
      close: () => {
        this.#host.hide();
      },
      leave: () => {
        this.#host.leave();
      },
      erase: async () => {
        try {
          await this.#conversation.erase();
        } catch (error) {
          throw new Error(this.#conversation.explained(error), { cause: error });
        }
        this.composer.text = "";
        this.#host.tell("erase");
      },
    };
    return panelView(title, this.#strings, deeds, {
      log: this.#log.element,
      announcer: this.#announcer.element,
      composer: this.composer.element,
    });
  }
}
