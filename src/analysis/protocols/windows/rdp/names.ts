// Words of RDP (MS-RDPBCGR 2.2.1): builds, keyboard layouts (MS-LCID), security, capabilities.

/** Version of Windows by the client's build number. */
const systems: Readonly<Record<number, string>> = {
  528: 'Windows NT 3.1',
  807: 'Windows NT 3.5',
  1057: 'Windows NT 3.51',
  1381: 'Windows NT 4.0',
  2195: 'Windows 2000',
  2600: 'Windows XP',
  3790: 'Windows Server 2003',
  6000: 'Windows Vista',
  6001: 'Windows Vista (SP1)',
  6002: 'Windows Vista (SP2)',
  7600: 'Windows 7',
  7601: 'Windows 7 (SP1)',
  9200: 'Windows 8',
  9600: 'Windows 8.1',
  10240: 'Windows 10',
  10586: 'Windows 10 (TH2)',
  14393: 'Windows 10 (RS1)',
  15063: 'Windows 10 (RS2)',
  16299: 'Windows 10 (RS3)',
  17134: 'Windows 10 (RS4)',
  17763: 'Windows 10 (RS5)',
  18362: 'Windows 10 (19H1)',
  18363: 'Windows 10 (19H2)',
  19041: 'Windows 10 (20H1)',
  19042: 'Windows 10 (20H2)',
  19043: 'Windows 10 (21H1)',
  19044: 'Windows 10 (21H2)',
  19045: 'Windows 10 (22H2)',
  20348: 'Windows Server 2022',
  22000: 'Windows 11',
  22621: 'Windows 11 (22H2)',
  22631: 'Windows 11 (23H2)',
  26100: 'Windows 11 (24H2)',
};

export const systemName = (build: number): string => systems[build] ?? 'unknown';

/** Version of the protocol by the client's build number, as Zeek's log writes it. */
const builds: Readonly<Record<number, string>> = {
  419: 'RDP 4.0',
  2195: 'RDP 5.0',
  2221: 'RDP 5.0',
  2600: 'RDP 5.1',
  3790: 'RDP 5.2',
  6000: 'RDP 6.0',
  6001: 'RDP 6.1',
  6002: 'RDP 6.2',
  7600: 'RDP 7.0',
  7601: 'RDP 7.1',
  9200: 'RDP 8.0',
  9600: 'RDP 8.1',
  25189: 'RDP 8.0 (Mac)',
  25282: 'RDP 8.0 (Mac)',
};

export const buildName = (build: number): string => builds[build] ?? `client_build-${build}`;

/** Tag and name by LCID. */
const layouts: Readonly<Record<number, readonly [tag: string, name: string]>> = {
  1025: ['ar-SA', 'Arabic - Saudi Arabia'],
  1026: ['bg-BG', 'Bulgarian'],
  1027: ['ca-ES', 'Catalan'],
  1028: ['zh-TW', 'Chinese - Taiwan'],
  1029: ['cs-CZ', 'Czech'],
  1030: ['da-DK', 'Danish'],
  1031: ['de-DE', 'German - Germany'],
  1032: ['el-GR', 'Greek'],
  1033: ['en-US', 'English - United States'],
  1034: ['es-ES', 'Spanish - Spain (Traditional Sort)'],
  1035: ['fi-FI', 'Finnish'],
  1036: ['fr-FR', 'French - France'],
  1037: ['he-IL', 'Hebrew'],
  1038: ['hu-HU', 'Hungarian'],
  1039: ['is-IS', 'Icelandic'],
  1040: ['it-IT', 'Italian - Italy'],
  1041: ['ja-JP', 'Japanese'],
  1042: ['ko-KR', 'Korean'],
  1043: ['nl-NL', 'Dutch - Netherlands'],
  1044: ['nb-NO', 'Norwegian (Bokm\u00e5l)'],
  1045: ['pl-PL', 'Polish'],
  1046: ['pt-BR', 'Portuguese - Brazil'],
  1048: ['ro-RO', 'Romanian'],
  1049: ['ru-RU', 'Russian'],
  1050: ['hr-HR', 'Croatian'],
  1051: ['sk-SK', 'Slovak'],
  1052: ['sq-AL', 'Albanian - Albania'],
  1053: ['sv-SE', 'Swedish'],
  1054: ['th-TH', 'Thai'],
  1055: ['tr-TR', 'Turkish'],
  1056: ['ur-PK', 'Urdu - Pakistan'],
  1057: ['id-ID', 'Indonesian'],
  1058: ['uk-UA', 'Ukrainian'],
  1059: ['be-BY', 'Belarusian'],
  1060: ['sl-SI', 'Slovenian'],
  1061: ['et-EE', 'Estonian'],
  1062: ['lv-LV', 'Latvian'],
  1063: ['lt-LT', 'Lithuanian'],
  1065: ['fa-IR', 'Persian'],
  1066: ['vi-VN', 'Vietnamese'],
  1081: ['hi-IN', 'Hindi'],
  2052: ['zh-CN', "Chinese - People's Republic of China"],
  2055: ['de-CH', 'German - Switzerland'],
  2057: ['en-GB', 'English - United Kingdom'],
  2058: ['es-MX', 'Spanish - Mexico'],
  2060: ['fr-BE', 'French - Belgium'],
  2064: ['it-CH', 'Italian - Switzerland'],
  2067: ['nl-BE', 'Dutch - Belgium'],
  2070: ['pt-PT', 'Portuguese - Portugal'],
  2074: ['sr-Latn-CS', 'Serbian (Latin)'],
  3076: ['zh-HK', 'Chinese - Hong Kong SAR'],
  3079: ['de-AT', 'German - Austria'],
  3081: ['en-AU', 'English - Australia'],
  3082: ['es-ES', 'Spanish - Spain (Modern Sort)'],
  3084: ['fr-CA', 'French - Canada'],
  4100: ['zh-SG', 'Chinese - Singapore'],
  4105: ['en-CA', 'English - Canada'],
  4108: ['fr-CH', 'French - Switzerland'],
  5129: ['en-NZ', 'English - New Zealand'],
  6153: ['en-IE', 'English - Ireland'],
  16393: ['en-IN', 'English - India'],
};

export const layoutTag = (lcid: number): string => layouts[lcid]?.[0] ?? 'unknown';

/** As Zeek's log writes it: a variant of a layout is told by the layout itself. */
export function layoutName(lcid: number): string {
  const name = layouts[lcid]?.[1];
  if (name !== undefined) return name;
  const base = layouts[lcid & 0xffff]?.[1];
  return base === undefined ? `keyboard-${lcid}` : `${base} (Best Guess for ${lcid})`;
}

const versions: Readonly<Record<number, string>> = {
  524289: 'v4',
  524292: 'v5',
  524293: 'v10.0',
  524294: 'v10.1',
  524295: 'v10.2',
  524296: 'v10.3',
  524297: 'v10.4',
  524298: 'v10.5',
  524299: 'v10.6',
  524300: 'v10.7',
};

export const versionName = (version: number): string => versions[version] ?? 'unknown';

/** Protocols a client may ask for and a server may choose. */
const protocols: Readonly<Record<number, string>> = { 0: 'RDP', 1: 'SSL', 2: 'HYBRID', 4: 'RDSTLS', 8: 'HYBRID_EX' };

export const protocolName = (protocol: number): string => protocols[protocol] ?? `protocol-${protocol}`;

const failures: Readonly<Record<number, string>> = {
  1: 'SSL_REQUIRED_BY_SERVER',
  2: 'SSL_NOT_ALLOWED_BY_SERVER',
  3: 'SSL_CERT_NOT_ON_SERVER',
  4: 'INCONSISTENT_FLAGS',
  5: 'HYBRID_REQUIRED_BY_SERVER',
  6: 'SSL_WITH_USER_AUTH_REQUIRED_BY_SERVER',
};

export const failureName = (code: number): string => failures[code] ?? `failure_code-${code}`;

const methods: Readonly<Record<number, string>> = { 0: 'None', 1: '40bit', 2: '128bit', 8: '56bit', 16: 'FIPS' };
const levels = ['None', 'Low', 'Client compatible', 'High', 'FIPS'] as const;

export const methodName = (method: number): string => methods[method] ?? `encryption_method-${method}`;
export const levelName = (level: number): string => levels[level] ?? `encryption_level-${level}`;

const keyboards: Readonly<Record<number, string>> = {
  1: 'xt',
  2: 'ico',
  3: 'at',
  4: 'enhanced',
  5: '1050',
  6: '9140',
  7: 'jp',
};

export const keyboardName = (type: number): string | undefined => keyboards[type];

/** Bits of the early capability flags; the seventh says nothing. */
const capabilities = [
  'support_errinfo_pdf',
  'want_32bpp_session',
  'support_statusinfo_pdu',
  'strong_asymmetric_keys',
  '',
  'valid_connection_type',
  'support_monitor_layout_pdu',
  'support_netchar_autodetect',
  'support_dynvc_gfx_protocol',
  'support_dynamic_time_zone',
  'support_heartbeat_pdu',
] as const;

export const capabilityNames = (flags: number): string[] =>
  capabilities.filter((name, bit) => name !== '' && (flags & (1 << bit)) !== 0);
