/** What the web channel sends: `extensions/channels/openapi.yml` describes it. */

export type Kind = "answer" | "no_answer" | "crisis" | "prompt" | "notice";

export interface Sentence {
  text: string;
  citations: number[];
}

export interface Block {
  heading: string;
  sentences: Sentence[];
}

export interface Source {
  number: number;
  kind: "article" | "reference";
  title: string;
  url: string | null;
}

export interface Related {
  title: string;
  url: string | null;
}

export interface Choice {
  id: string;
  title: string;
}

export interface Resource {
  label: string;
  href: string;
}

export interface Message {
  kind: Kind;
  text: string;
  blocks: Block[];
  sources: Source[];
  related: Related[];
  choices: Choice[];
  resources: Resource[];
  answer_id: string | null;
}

export type Entry = { from: "person"; text: string } | { from: "assistant"; message: Message };

export type Said = { text: string } | { choice: string };

export interface Started {
  token: string;
  /** Seconds. */
  expires_in: number;
  message: Message | null;
}
