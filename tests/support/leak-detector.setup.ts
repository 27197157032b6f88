import { afterEach } from "vitest";
import { takeLeaks, watchConsole } from "./leak-detector.ts";

watchConsole();

// Fails any test that logged a secret or a client's text.
afterEach(() => {
  const leaks = takeLeaks();
  if (leaks.length > 0) throw new Error(`The log holds forbidden texts: ${leaks.join(", ")}`);
});
