// Signs of attacks on web programs, with weights: several weak ones or one strong one make an attack. Written from what the
// attacks need (OWASP testing guide, CAPEC-66, -63, -88, -126), not from tools. Every pattern takes linear time: what
// repeats is bounded.

import type { RequestReading, RequestValue } from './request-reading.ts';

export interface Sign {
  readonly pattern: RegExp;
  readonly score: number;
  readonly words: string;
  /** It may be in a path of letters and digits alone. */
  readonly isInPlain: boolean;
}

const sign = (score: number, words: string, pattern: RegExp): Sign => ({ pattern, score, words, isInPlain: false });
const nameSign = (score: number, words: string, pattern: RegExp): Sign => ({ pattern, score, words, isInPlain: true });

export const sqlSigns: readonly Sign[] = [
  sign(6, 'union select', /\bunion\b[\s(]{0,8}(?:all\b|distinct\b)?[\s(]{0,8}select\b/),
  sign(
    5,
    'a condition that is always true',
    /['")]\s?(?:or|and|xor|\|\||&&)\s?[('"]{0,3}\s?[\w%]{1,24}['"]?\s?(?:=|<>|<|>|like\b|is\b|in\b)\s?['"(]?[\w%]{0,24}/,
  ),
  sign(5, 'a condition that is always true', /^-?\d{1,10}\s(?:or|and|xor)\s(\d{1,8})\s?=\s?\1\b/),
  sign(
    5,
    'a second statement',
    /;\s?(?:drop|insert|update|delete|alter|create|exec|execute|shutdown|truncate|declare|waitfor)\s[\w@'[( ]/,
  ),
  sign(5, 'a file of the database server', /\binto\s(?:out|dump)file\b|\bload_file\s?\(|\bxp_cmdshell\b|\butl_http\b/),
  sign(
    5,
    'a wait',
    /(?:\b(?:pg_)?sleep\s?\(\s?\d|\bbenchmark\s?\(\s?\d|\bwaitfor\sdelay\s|\bdbms_pipe\.|\brandomblob\s?\(\s?\d)/,
  ),
  sign(4, 'an error that tells', /\b(?:extractvalue|updatexml|xmltype|exp)\s?\(\s?[^)]{0,24}(?:select|concat|0x7e|~)/),
  sign(
    4,
    'the list of tables',
    /\binformation_schema\b|\bsqlite_master\b|\bsysobjects\b|\ball_tables\b|\bpg_catalog\b/,
  ),
  sign(3, 'a comment after a quote', /['"][^'"]{0,120}(?:--(?:\s|$|-|\+)|#\s?$|\/\*|;\s?%00)/),
  sign(3, 'select from', /\bselect\b.{1,80}\bfrom\b/),
  sign(3, 'order by a number', /['")\d]\s(?:order|group)\sby\s\d{1,3}\b/),
  sign(
    2,
    'names of the server',
    /@@(?:version|datadir|hostname)|\b(?:database|user|version|current_user|system_user)\s?\(\s?\)|\bgroup_concat\s?\(|\bconcat_ws\s?\(/,
  ),
  sign(2, 'letters by number', /\b(?:char|chr|nchar|unhex)\s?\(\s?(?:0x)?\d/),
  sign(1, 'a quote', /['"]/),
];

export const scriptSigns: readonly Sign[] = [
  sign(5, 'a script element', /<\s?script\b|<\s?\/\s?script/),
  sign(
    6,
    'an element with an event',
    /<\s?(?:img|svg|iframe|body|input|details|video|audio|object|embed|math|marquee|a|select|form|button|style)\b[^>]{0,160}[\s/"']on[a-z]{3,20}\s?=/,
  ),
  sign(
    5,
    'an event with a script',
    /\bon(?:error|load|mouseover|focus|click|toggle|mouseenter|begin|pointer\w{1,8})\s?=\s?["'`]?[\w.(\s]{0,40}(?:alert|confirm|prompt|eval|fetch|document|window|import)\b/,
  ),
  sign(
    5,
    'a script for a link',
    /\b(?:javascript|vbscript)\s?:\s?(?:alert|eval|document|window|prompt|confirm|fetch|\/\/|%0a|import)/,
  ),
  sign(3, 'a dialog', /\b(?:alert|confirm|prompt)\s?[(`]/),
  sign(3, 'cookies or place of the page', /document\s?\.\s?(?:cookie|location|write|domain)|window\s?\.\s?location/),
  sign(2, 'letters by number', /string\s?\.\s?fromcharcode|&#x?[0-9a-f]{2,6};/),
  sign(2, 'an attribute that is left', /["']\s?\/?>\s?</),
];

const commands =
  'cat|ls|id|whoami|uname|wget|curl|nc|ncat|netcat|bash|dash|sh|ksh|python[23]?|perl|ruby|php|powershell|pwsh|cmd|ping|chmod|chown|rm|cp|mv|echo|tftp|ftpget|busybox|certutil|bitsadmin|nslookup|dig|sleep|ifconfig|ipconfig|netstat|ps|kill|reboot|useradd|passwd|net user|type|dir|cd|touch|base64|xxd|env|printenv|mkfifo|telnet|socat';

export const commandSigns: readonly Sign[] = [
  sign(
    4,
    'a command after a separator',
    new RegExp(
      `(?:[;|\`\\n]|&&|\\$\\(|\\\\x0a|%0a)\\s?(?:/(?:usr/)?s?bin/)?(?:${commands})(?:\\.exe)?(?=[\\s;|&\`<>$)/]|$)`,
    ),
  ),
  sign(
    3,
    'a command in place of a value',
    new RegExp(`(?:\\$\\(|\`)\\s?(?:/(?:usr/)?s?bin/)?(?:${commands})\\b[^)\`]{0,120}[)\`]`),
  ),
  sign(4, 'a shell', /\/bin\/(?:ba|da|k|z)?sh\b|\bcmd(?:\.exe)?\s?\/[ck]\b|powershell(?:\.exe)?\s-[a-z]/),
  sign(
    3,
    'a file for everybody or of users',
    /\/(?:tmp|var\/tmp|dev\/shm)\/[\w.-]{1,40}|\/etc\/(?:passwd|shadow)\b|\/dev\/tcp\//,
  ),
  sign(
    3,
    'a download',
    /\b(?:wget|curl|tftp|ftpget|certutil)\b[^;|&]{0,60}(?:https?:\/\/|\s-[a-z]\s|\b\d{1,3}(?:\.\d{1,3}){3})/,
  ),
  sign(
    8,
    'an expression of Java',
    /#_memberaccess|@java\.lang\.|\bgetruntime\s?\(\s?\)|java\.lang\.processbuilder|class\.module\.classloader|\bognl\b[^&]{0,60}@|t\(java\.lang/,
  ),
  sign(
    6,
    'an expression of a template',
    /\{\{\s?\d{1,4}\s?\*\s?['"]?\d{1,4}['"]?\s?\}\}|\$\{\s?\d{1,4}\s?\*\s?\d{1,4}\s?\}|\{\{[^}]{0,80}(?:__class__|__globals__|config\.items|self\._)/,
  ),
  sign(
    6,
    'code of PHP',
    /<\?php\b|<\?=|\bphp:\/\/(?:input|filter)|\b(?:eval|assert|system|passthru|shell_exec|popen)\s?\(\s?(?:\$_|base64_decode|['"])|\$_(?:get|post|request|cookie|server)\s?\[/,
  ),
  sign(5, 'a setting of PHP', /allow_url_include|auto_prepend_file|disable_functions\s?=/),
  nameSign(
    8,
    'a known way in',
    /\binvokefunction\b|\/eval-stdin\.php|_method=__construct|\bdiag_action=ping\b|\/boaform\/admin\/form|\/tmunblock\.cgi|\/hnap1\/?.{0,40}(?:reboot|wget)|setup\.cgi\?next_file=|\bcall_user_func_array\b/,
  ),
];

export const traversalSigns: readonly Sign[] = [
  sign(5, 'several steps up', /(?:\.\.[\\/]){2,}|(?:\.\.;\/){1,}/),
  sign(2, 'a step up', /(?:^|[\\/=])\.\.[\\/]/),
  sign(
    4,
    'a file of the system',
    /(?:^|[\\/=:])(?:etc\/(?:passwd|shadow|hosts|group|issue)\b|proc\/self\/|proc\/version|windows[\\/](?:system32|win\.ini)|winnt[\\/]|boot\.ini|win\.ini|system32[\\/])|\/bin\/(?:ba)?sh\b/,
  ),
  sign(4, 'an address of a local file', /\bfile:\/\/\/|\bphp:\/\/filter|\bexpect:\/\/|\bzip:\/\/|\bphar:\/\//),
  sign(3, 'a zero at the end', /\0|\\x00$/),
];

export const hiddenFileSigns: readonly Sign[] = [
  nameSign(
    5,
    'secrets of the program',
    /\/\.(?:env(?:\.[\w.]{1,16})?|aws\/credentials|npmrc|dockercfg|docker\/config\.json|htpasswd|htaccess|netrc|pgpass|my\.cnf)$/,
  ),
  nameSign(
    5,
    'its version control',
    /\/\.(?:git\/(?:config|head|index|logs\/head)|svn\/(?:entries|wc\.db)|hg\/(?:store|hgrc)|bzr\/)/,
  ),
  nameSign(5, 'its keys', /\/(?:\.ssh\/|id_(?:rsa|dsa|ed25519)$|server\.key$|private\.pem$)/),
  nameSign(
    5,
    'its settings',
    /\/(?:wp-config\.php(?:\.bak|\.old|\.save|~|\.txt|\.swp)|web-inf\/web\.xml|config\.php\.bak|configuration\.php[-.~]|web\.config$|appsettings\.json$)/,
  ),
  nameSign(5, 'its database', /\/(?:backup|dump|database|db|site|www)[\w-]{0,16}\.(?:sql|bak|sqlite)(?:\.gz|\.zip)?$/),
];

/** What was found in one request. */
export interface Judged {
  readonly score: number;
  readonly words: readonly string[];
}

/** Signs that count in documents. */
const strong = 4;
const nothing: Judged = { score: 0, words: [] };

/** The value of a request that has most signs. */
export function judged(
  { values }: RequestReading,
  signs: readonly Sign[],
  isLooked: (value: RequestValue) => boolean,
): Judged {
  let best = nothing;
  for (const value of values) {
    if (!isLooked(value)) continue;
    let score = value.isDocument ? -1 : 0;
    const words: string[] = [];
    for (const { pattern, score: more, words: word, isInPlain } of signs) {
      if (value.isPlain && !isInPlain) continue;
      if ((value.isDocument && more < strong) || !pattern.test(value.text)) continue;
      score += more;
      if (!words.includes(word)) words.push(word);
    }
    if (score > best.score) best = { score, words };
  }
  return best;
}
