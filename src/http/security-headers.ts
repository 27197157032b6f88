import type { MiddlewareHandler } from "hono";
import { secureHeaders } from "hono/secure-headers";

const ONE_YEAR_SECONDS = 31_536_000;

/** Sets the security headers of every response. A Content-Security-Policy that a page sets itself is kept. */
export function securityHeaders(): MiddlewareHandler {
  return secureHeaders({
    overwrite: false,
    strictTransportSecurity: `max-age=${ONE_YEAR_SECONDS}`,
    xFrameOptions: "DENY",
    // Only read by browsers that no longer exist.
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
