// Terms of the filter language made from values.

/** Text in quotes, as the filter language reads it. */
export function quoted(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}

/** `app == "tls"`; numbers stand bare. */
export function equals(field: string, value: string | number | boolean): string {
  return `${field} == ${typeof value === 'string' ? quoted(value) : String(value)}`;
}

/** An address, whichever side it is on. */
export function ofHost(ip: string): string {
  return `ip == ${ip}`;
}
