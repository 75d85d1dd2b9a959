// Commands and replies of SMTP (RFC 5321 §4.1 and §4.2).

export const verbs = new Set(
  'EHLO HELO MAIL RCPT DATA BDAT RSET QUIT NOOP VRFY EXPN HELP AUTH STARTTLS ETRN TURN ATRN SEND SOML SAML X-EXPS XCLIENT XFORWARD'.split(
    ' ',
  ),
);

/** The three digits a reply begins with; -1 when it does not. */
export function replyCode(b: Uint8Array, o: number, end: number): number {
  if (end - o < 3) return -1;
  let code = 0;
  for (let i = o; i < o + 3; i++) {
    if (b[i] < 0x30 || b[i] > 0x39) return -1;
    code = code * 10 + b[i] - 0x30;
  }
  return code >= 100 && code < 600 ? code : -1;
}
