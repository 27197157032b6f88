import type { MiddlewareHandler } from "hono";
import { secureHeaders } from "hono/secure-headers";

const ONE_YEAR_SECONDS = 31_536_000;

/** For every answer. A page has a Content-Security-Policy of its own, which stays. */
export function securityHeaders(): MiddlewareHandler {
  return secureHeaders({
    overwrite: false,
    strictTransportSecurity: `max-age=${ONE_YEAR_SECONDS}`,
    xFrameOptions: "DENY",
    // Of browsers that are no more.
    xDownloadOptions: false,
    xPermittedCrossDomainPolicies: false,
    xXssProtection: false,
    xDnsPrefetchControl: false,
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      baseUri: ["'none'"],
      formAction: ["'none'"],
      frameAncestors: ["'none'"],
    },
  });
}
