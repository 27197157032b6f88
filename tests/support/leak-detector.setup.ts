import { afterAll, afterEach } from "vitest";
import { takeLeaks, watchConsole } from "./leak-detector.ts";

const stopWatching = watchConsole();
// The next file may run in the same workerd, with another list of secrets.
afterAll(stopWatching);

// Fails any test that logged a secret or a client's text.
afterEach(() => {
  const leaks = takeLeaks();
  if (leaks.length > 0) throw new Error(`The log holds forbidden texts: ${leaks.join(", ")}`);
});
