// Names of WebSocket subprotocols (RFC 6455 section 1.9) without the tokens that programs put among them, since browsers
// cannot send headers with an upgrade.

import { isSecretName, masked, maskTokens } from '../../../core/index.ts';

/** Subprotocols of a header in order; a token's place is kept. */
export function subprotocolsOf(value: string): string[] {
  let isNext = false;
  return value.split(',').map((part) => {
    const name = part.trim();
    const shown = isNext || isOpaque(name) ? masked : withoutToken(name);
    // `['access_token', token]`
    isNext = isSecretName(name) || /^(?:bearer|authorization)$/i.test(name);
    return shown;
  });
}

/** `authorization.bearer.` and the token, `base64url.bearer.authorization.k8s.io.` and the token; a JSON Web Token. */
function withoutToken(name: string): string {
  return maskTokens(name.replace(/(\bbearer[.:_ -](?:authorization\.k8s\.io\.)?).+$/i, `$1${masked}`)).replace(
    /^((?:access_?|auth_?)?token[.:_-]).+$/i,
    `$1${masked}`,
  );
}

/** Names are words with dots and dashes; capitals, small letters and digits mixed to such a length are a token. */
function isOpaque(name: string): boolean {
  return name.length >= 24 && /^[\w+/=-]+$/.test(name) && /[A-Z]/.test(name) && /[a-z]/.test(name) && /\d/.test(name);
}
