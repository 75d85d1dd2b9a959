// How text may look on one of our streams: its width, whether it has colours, whether block characters arrive whole.

import { type Style, wantsColour, wantsUnicode } from '../../../screens/present/index.ts';
import type { Host, OutputStream } from '../host.ts';

/** `allowsColor` is the setting; when it is off there is none, whatever the environment says. */
export function styleOf(stream: OutputStream, allowsColor: boolean, environment: Host['environment']): Style {
  const signs = {
    isTty: stream.isTTY === true,
    asked: allowsColor ? undefined : false,
    noColor: environment.NO_COLOR,
    forceColor: environment.FORCE_COLOR,
    term: environment.TERM,
    locale: [environment.LC_ALL, environment.LC_CTYPE, environment.LANG].find(
      (name) => name !== undefined && name !== '',
    ),
  };
  return { width: stream.columns || 80, colour: wantsColour(signs), unicode: wantsUnicode(signs) };
}
