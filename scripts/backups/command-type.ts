export type Command = {
  /** The command line, for error messages. */
  usage: string;
  run: (args: string[]) => Promise<void>;
};
