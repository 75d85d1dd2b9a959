// What a run is asked to do: plain data, so that it crosses to the analysis thread as it is.

import type { Exception } from '../../analysis/alerts/index.ts';
import {
  type DetectionOptions,
  defaultDetectBytes,
  defaultDetection,
} from '../../analysis/detectors/detection-options.ts';

export interface InterfaceInput {
  readonly kind: 'interface';
  /** Name as the system knows it, or `any`. */
  readonly name: string;
  readonly promiscuous: boolean;
  /** `native` is AF_PACKET on Linux; elsewhere libpcap is native. */
  readonly backend: 'native' | 'libpcap';
  /** Ring or kernel buffer, bytes per worker. */
  readonly bufferBytes: number;
}

export interface FilesInput {
  readonly kind: 'files';
  /** One or more paths, merged in time order; `-` is standard input. */
  readonly paths: readonly string[];
  /** Keep reading a file that is still being written. */
  readonly follow: boolean;
  /** Seconds of packet time that are played in a second; left out: all at once. */
  readonly pace?: number;
}

export interface WriteOptions {
  /** Path, or `-` for standard output. */
  readonly path: string;
  readonly format: 'pcapng' | 'pcap';
  /** Start a new file at this size or after this time; 0: never. */
  readonly rotateBytes: number;
  readonly rotateSec: number;
  /** Keep at most this many rotated files; 0: all. */
  readonly rotateFiles: number;
}

export interface FlowOptions {
  /** Rows of the flow table: the bound. */
  readonly capacity: number;
  /** Seconds of packet time without a packet after which a flow's record is written. */
  readonly tcpIdleSec: number;
  readonly udpIdleSec: number;
  readonly otherIdleSec: number;
  /** After this long a record is written and counting starts anew; 0: never. */
  readonly activeSec: number;
}

export const defaultFlowOptions: FlowOptions = {
  capacity: 1 << 20,
  tcpIdleSec: 300,
  udpIdleSec: 60,
  otherIdleSec: 60,
  activeSec: 0,
};

export interface DetectOptions extends DetectionOptions {
  /** What the user knows to be harmless. */
  readonly exceptions: readonly Exception[];
  /** Detectors of the user: paths of modules. */
  readonly modules: readonly string[];
  /** Threat lists: paths of files. */
  readonly intel: readonly string[];
  /** Folder for a small capture file per alert; null: none. */
  readonly evidence: string | null;
}

export { defaultDetectBytes };

export const defaultDetect: DetectOptions = {
  ...defaultDetection,
  exceptions: [],
  modules: [],
  intel: [],
  evidence: null,
};

/** The smallest ring of kept packets of one worker: a few files. */
export const leastKeptBytes = 4 << 20;

/** A ring of packets beside the store. */
export interface KeepPackets {
  /** Its folder; made when it is not there. */
  readonly folder: string;
  /** Number of the run in the rows of the store. */
  readonly run: number;
  /** Bound of all files, indexes too. */
  readonly bytes: number;
  /** Of each flow, bytes on the wire both ways; 0: no cut-off. */
  readonly perFlowBytes: number;
}

/** What somebody who looks on is told besides snapshots, by the wall clock, milliseconds. */
export interface ScreenOptions {
  /** Between two pulses; nothing is said while nothing changed. */
  readonly pulseEveryMs: number;
  /** Between two tellings of open flows, and flows told each time at the most. */
  readonly openFlowsEveryMs: number;
  readonly openFlowsMost: number;
}

export interface RunOptions {
  /** Our own version, written into capture files. */
  readonly version: string;
  readonly input: InterfaceInput | FilesInput;
  /** BPF filter in pcap-filter(7) syntax; empty for none. */
  readonly filter: string;
  /** Bytes kept of each packet; 0: all. */
  readonly snapLen: number;
  /** Stop after this many packets; 0: never. */
  readonly maxPackets: number;
  /** Stop after this many seconds (wall clock when live, packet time when offline); 0: never. */
  readonly maxSec: number;
  readonly write: WriteOptions | null;
  /** Null: no packets are kept. */
  readonly keepPackets: KeepPackets | null;
  readonly workers: number;
  readonly flow: FlowOptions;
  /** Packets of one source above which the seed's alert is raised; 0: never. */
  readonly threshold: number;
  readonly verifyChecksums: boolean;
  /** Null: no detectors. */
  readonly detect: DetectOptions | null;
  /** Which facts the main thread wants to see. */
  readonly wants: {
    readonly flows: boolean;
    readonly packets: boolean;
    readonly alerts: boolean;
    /** EVE lines of what protocols tell. */
    readonly events: boolean;
    /** Values of what protocols tell, for logs and stores. */
    readonly values: boolean;
  };
  /** File of TLS secrets (SSLKEYLOGFILE); null for none. */
  readonly keyLog: string | null;
  /** Wall-clock time between snapshots, milliseconds; 0: only the last. */
  readonly snapshotEveryMs: number;
  /** Pulses, open flows and traffic over time for screens; null: nobody looks, and nothing of it is counted. */
  readonly screens: ScreenOptions | null;
  /** When started as root through sudo: become this user once the capture is open, before a packet is parsed. */
  readonly dropTo: { readonly uid: number; readonly gid: number } | null;
}
