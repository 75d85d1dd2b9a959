// Headers of every answer: what a browser must not do with it.

import type { ServerResponse } from 'node:http';

const headers: Readonly<Record<string, string>> = {
  // Scripts and styles come from our own files only, none of them stands in a page. Pictures are also made in the page
  // (charts that are saved). Styles that scripts set on elements are not held up by this (CSP 3 §8.2).
  'Content-Security-Policy': [
    "default-src 'self'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data: blob:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "object-src 'none'",
  ].join('; '),
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), geolocation=(), microphone=()',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  // What was captured does not belong in a cache.
  'Cache-Control': 'no-store',
};

/** Set before anything else looks at a request, so that refusals and failures have them, too. */
export function setSafeHeaders(outgoing: ServerResponse): void {
  for (const [name, value] of Object.entries(headers)) outgoing.setHeader(name, value);
}
