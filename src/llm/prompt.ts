/** A message of the conversation after the system message and the input. */
type Turn = { role: "assistant" | "user"; content: string };

/** One question to a model. */
export type Prompt = {
  /** The system message. */
  instructions: string;
  /** The first user message. */
  input: string;
  /** Later messages, when the model has to continue or correct its answer. */
  turns?: Turn[];
  /** The JSON schema of the answer. `strict` (default true): the provider enforces it token by token. */
  schema?: { name: string; jsonSchema: Record<string, unknown>; strict?: boolean };
  /** How many answers to request, to measure whether they agree (default 1). A provider may return fewer. */
  samples?: number;
};

export type Answer = {
  /** At least one, none of them blank. */
  texts: [string, ...string[]];
  /** True when the answer stops at the model's output limit. */
  cut: boolean;
};
