/**
 * How every value looks: units, columns, colours, icons, sentences.
 *
 * Guarantees: pure functions of what they are given, the same in a terminal, a browser and a test; text from the network
 * goes through `printable` before it is laid out; nothing is said by colour alone; without unicode only ASCII of ours is
 * used; lines of text stay within the width asked for, addresses and commands that are longer alone excepted.
 */
export { alertsTable, alertText, risksText } from './alerts-text.ts';
export * from './cells.ts';
export { type Column, cellWidth, cut, pad, table, wrap } from './columns.ts';
export {
  type Completeness,
  type CompletenessSigns,
  completeness,
  isOfStore,
  type Reason,
} from './health/completeness.ts';
export { bar, sparkline } from './looks/glyphs.ts';
export { directionPaint, familyPaint, familyTitle, type Paint, pageSurfaces, severityPaint } from './looks/palette.ts';
export { paint, plainMarks, type Style, type TerminalSigns, wantsColour, wantsUnicode } from './looks/style.ts';
export { type Ink, inkCode, selectionCode, type TerminalColours } from './looks/terminal.ts';
export { pageColours, protocolRole, type Role, roles, severities, surfaces } from './looks/tokens.ts';
export {
  type DoctorCheck,
  doctorText,
  failureLine,
  type InterfaceRow,
  interfacesTable,
} from './machine.ts';
export { anomalyLine, packetLineBytes, seedPacketLine, writePacketLine } from './packet-line.ts';
export { type ProtocolVolumes, protocolChart, protocolChartSvg } from './protocol-chart.ts';
export * from './quantities.ts';
export { alertColumns, flowColumns, hostColumns, type ShownColumn } from './shown-columns.ts';
export { alertDocument, detectionDocument, type SummarySource, summaryDocument } from './summary-document.ts';
export { summaryText } from './summary-text.ts';
export { type CopiedFlow, copyWords, curlWords } from './words/copy-words.ts';
export { flowStateMeaning, flowStateText } from './words/flow-state.ts';
export { ratePerSec } from './words/rates.ts';
export { alertWords, type Moment, momentSentence } from './words/sentence.ts';
