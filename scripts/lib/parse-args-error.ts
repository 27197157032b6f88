/** Whether `parseArgs` of node:util rejected the command line: an unknown option, a missing value. */
export function isParseArgsError(error: unknown): error is TypeError & { code: string } {
  return (
    error instanceof TypeError && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS")
  );
}
