// Zeek's way of naming a connection: a letter and digits of base 62.

const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** `C` and the flow's id in base 62: the same for the same flow in every log. */
export function zeekUid(flowId: number): string {
  let rest = flowId;
  let text = '';
  do {
    text = digits[rest % 62] + text;
    rest = Math.floor(rest / 62);
  } while (rest > 0);
  return `C${text.padStart(9, '0')}`;
}
