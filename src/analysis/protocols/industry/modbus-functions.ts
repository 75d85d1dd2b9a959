// Names of Modbus functions and exceptions (MODBUS Application Protocol V1.1b3, sections 5 to 7), as Suricata and Zeek have them.

/** Code: [EVE's word, Zeek's word, EVE's access]. */
const functions: Readonly<Record<number, readonly [string, string, string]>> = {
  1: ['RdCoils', 'READ_COILS', 'READ | COILS'],
  2: ['RdDiscreteInputs', 'READ_DISCRETE_INPUTS', 'READ | DISCRETES'],
  3: ['RdHoldRegs', 'READ_HOLDING_REGISTERS', 'READ | HOLDING'],
  4: ['RdInputRegs', 'READ_INPUT_REGISTERS', 'READ | INPUT'],
  5: ['WrSingleCoil', 'WRITE_SINGLE_COIL', 'WRITE | COILS | SINGLE'],
  6: ['WrSingleReg', 'WRITE_SINGLE_REGISTER', 'WRITE | HOLDING | SINGLE'],
  7: ['RdExcStatus', 'READ_EXCEPTION_STATUS', 'NONE'],
  8: ['Diagnostic', 'DIAGNOSTICS', 'NONE'],
  9: ['Program484', 'PROGRAM_484', 'NONE'],
  10: ['Poll484', 'POLL_484', 'NONE'],
  11: ['GetCommEventCtr', 'GET_COMM_EVENT_COUNTER', 'NONE'],
  12: ['GetCommEventLog', 'GET_COMM_EVENT_LOG', 'NONE'],
  13: ['ProgramController', 'PROGRAM_584_984', 'NONE'],
  14: ['PollController', 'POLL_584_984', 'NONE'],
  15: ['WrMultCoils', 'WRITE_MULTIPLE_COILS', 'WRITE | COILS | MULTIPLE'],
  16: ['WrMultRegs', 'WRITE_MULTIPLE_REGISTERS', 'WRITE | HOLDING | MULTIPLE'],
  17: ['ReportServerID', 'REPORT_SLAVE_ID', 'NONE'],
  18: ['Program884', 'PROGRAM_884_M84', 'NONE'],
  19: ['ResetCommLink', 'RESET_COMM_LINK_884_U84', 'NONE'],
  20: ['RdFileRec', 'READ_FILE_RECORD', 'NONE'],
  21: ['WrFileRec', 'WRITE_FILE_RECORD', 'NONE'],
  22: ['MaskWrReg', 'MASK_WRITE_REGISTER', 'WRITE | HOLDING'],
  23: ['RdWrMultRegs', 'READ_WRITE_MULTIPLE_REGISTERS', 'READ | WRITE | HOLDING | MULTIPLE'],
  24: ['RdFIFOQueue', 'READ_FIFO_QUEUE', 'NONE'],
  40: ['Unknown', 'PROGRAM_CONCEPT', 'NONE'],
  41: ['Unknown', 'MULTIPLE_FUNCTION_CODES', 'NONE'],
  43: ['MEI', 'ENCAP_INTERFACE_TRANSPORT', 'NONE'],
  90: ['Unknown', 'PROGRAM_UNITY', 'NONE'],
  91: ['Unknown', 'OBJECT_MESSAGING', 'NONE'],
  125: ['Unknown', 'FIRMWARE_REPLACEMENT', 'NONE'],
  126: ['Unknown', 'PROGRAM_584_984_2', 'NONE'],
  127: ['Unknown', 'REPORT_LOCAL_ADDRESS', 'NONE'],
};

export const eveFunction = (code: number): string => functions[code & 0x7f]?.[0] ?? 'Unknown';
export const accessOf = (code: number): string => functions[code & 0x7f]?.[2] ?? 'NONE';

/** Zeek's word; a code with its high bit answers with an exception. */
export function zeekFunction(code: number): string {
  const known = functions[code & 0x7f]?.[1];
  if (known === undefined) return `unknown-${code}`;
  return (code & 0x80) !== 0 ? `${known}_EXCEPTION` : known;
}

/** Whether the code is one that devices use. */
export const isKnownFunction = (code: number): boolean => functions[code] !== undefined;

export function categoryOf(code: number): string {
  const f = code & 0x7f;
  if ((f >= 65 && f <= 72) || (f >= 100 && f <= 110)) return 'USER_DEFINED';
  if ([9, 10, 13, 14, 41, 42, 90, 91, 125, 126, 127].includes(f)) return 'RESERVED';
  return functions[f] !== undefined && f !== 18 && f !== 19 ? 'PUBLIC_ASSIGNED' : 'PUBLIC_UNASSIGNED';
}

/** Code: [EVE's word, Zeek's word]. */
const exceptions: Readonly<Record<number, readonly [string, string]>> = {
  1: ['IllegalFunction', 'ILLEGAL_FUNCTION'],
  2: ['IllegalDataAddr', 'ILLEGAL_DATA_ADDRESS'],
  3: ['IllegalDataValue', 'ILLEGAL_DATA_VALUE'],
  4: ['ServerDeviceFail', 'SLAVE_DEVICE_FAILURE'],
  5: ['Ack', 'ACKNOWLEDGE'],
  6: ['ServerDeviceBusy', 'SLAVE_DEVICE_BUSY'],
  7: ['NegAck', 'NEGATIVE_ACKNOWLEDGE'],
  8: ['MemParityErr', 'MEMORY_PARITY_ERROR'],
  10: ['GatewayPathUnavailable', 'GATEWAY_PATH_UNAVAILABLE'],
  11: ['GatewayTargetFailToResp', 'GATEWAY_TARGET_DEVICE_FAILED_TO_RESPOND'],
};

export const eveException = (code: number): string => exceptions[code]?.[0] ?? 'Unknown';
export const zeekException = (code: number): string => exceptions[code]?.[1] ?? `unknown-${code}`;

const diagnostics = [
  'RetQueryData',
  'RestartCommOpt',
  'RetDiagReg',
  'ChangeInputDelimiter',
  'ForceListenOnlyMode',
  'Reserved',
  'Reserved',
  'Reserved',
  'Reserved',
  'Reserved',
  'ClearCtrDiagReg',
  'RetBusMsgCount',
  'RetBusCommErrCount',
  'RetBusExcErrCount',
  'RetServerMsgCount',
  'RetServerNoRespCount',
  'RetServerNAKCount',
  'RetServerBusyCount',
  'RetBusCharOverrunCount',
  'RetOverrunErrCount',
  'ClearOverrunCounterFlag',
];
export const diagnosticOf = (code: number): string => diagnostics[code] ?? 'Reserved';

export const interfaceOf = (code: number): string =>
  code === 14 ? 'RdDevId' : code === 13 ? 'CANOpenGenRefReqResp' : 'Unknown';
