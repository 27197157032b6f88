import { afterEach } from "vitest";
import { takeLeaks, watchConsole } from "./no-secrets.ts";

watchConsole();

// Of whatever test: what was logged meanwhile holds no secret and nobody's text.
afterEach(() => {
  const leaks = takeLeaks();
  if (leaks.length > 0) throw new Error(`The log holds what it may not: ${leaks.join(", ")}`);
});
