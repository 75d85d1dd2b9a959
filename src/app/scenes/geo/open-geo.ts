// Reads the user's own MaxMind databases (mmdb): of countries, cities, networks; one or several.

import { readFileSync } from 'node:fs';
import { Failure, printable } from '../../../core/index.ts';
import type { Geo, Place } from './geo.ts';

/** Addresses that are remembered; the oldest give way. */
const mostKnown = 65_536;

/** What is read of a database. */
interface Database {
  get(ip: string): unknown;
}

/** Throws NO_SUCH_FILE, FILE_UNREADABLE, UNKNOWN_FILE_FORMAT for a file that is no such database. */
export async function openGeo(paths: readonly string[]): Promise<Geo> {
  // Loaded only by those who have such a file.
  const { Reader } = await import('mmdb-lib');
  const databases = paths.map((path) => openDatabase(path, (bytes) => new Reader(bytes)));
  const known = new Map<string, Place | null>();
  return {
    look(ip) {
      let place = known.get(ip);
      if (place === undefined) {
        place = placeIn(databases, ip);
        if (known.size >= mostKnown) known.delete(known.keys().next().value ?? '');
        known.set(ip, place);
      }
      return place;
    },
  };
}

interface Opened extends Database {
  readonly metadata: { readonly nodeCount: number; readonly searchTreeSize: number; readonly databaseType: string };
}

function openDatabase(path: string, open: (bytes: Buffer) => Opened): Database {
  const bytes = bytesOf(path);
  try {
    const database = open(bytes);
    const { nodeCount, searchTreeSize, databaseType } = database.metadata;
    const isSound = Number.isSafeInteger(nodeCount) && nodeCount > 0 && searchTreeSize < bytes.length;
    if (isSound && typeof databaseType === 'string') return database;
  } catch {
    // Whatever it is that the reader finds in a file of another kind: it is none.
  }
  const hint = 'Name a database of countries, cities or networks in MaxMind’s format: GeoLite2-City.mmdb, for example.';
  throw new Failure('UNKNOWN_FILE_FORMAT', `${printable(path)} is no mmdb database`, hint);
}

function bytesOf(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    const { code = 'unknown' } = cause as NodeJS.ErrnoException; // what the system says
    if (code === 'ENOENT')
      throw new Failure('NO_SUCH_FILE', `there is no file ${printable(path)}`, 'Check the path.', cause);
    const hint = 'Check the file and who may read it.';
    throw new Failure('FILE_UNREADABLE', `${printable(path)} cannot be read (${code})`, hint, cause);
  }
}

function placeIn(databases: readonly Database[], ip: string): Place | null {
  const place: { -readonly [K in keyof Place]: Place[K] } = {
    country: null,
    lat: null,
    lon: null,
    asn: null,
    organisation: null,
  };
  for (const database of databases) {
    const record = recordOf(database, ip);
    place.country ??= countryOf(record);
    place.lat ??= numberOf(valueAt(record, 'location', 'latitude'));
    place.lon ??= numberOf(valueAt(record, 'location', 'longitude'));
    place.asn ??= numberOf(
      valueAt(record, 'autonomous_system_number') ?? valueAt(record, 'traits', 'autonomous_system_number'),
    );
    place.organisation ??= textOf(
      valueAt(record, 'autonomous_system_organization') ?? valueAt(record, 'traits', 'autonomous_system_organization'),
    );
  }
  return Object.values(place).every((value) => value === null) ? null : place;
}

/** Null for what is no address, and where the database is damaged. */
function recordOf(database: Database, ip: string): unknown {
  try {
    return database.get(ip);
  } catch {
    return null;
  }
}

function countryOf(record: unknown): string | null {
  const code = textOf(valueAt(record, 'country', 'iso_code') ?? valueAt(record, 'country_code'));
  return code !== null && /^[A-Z]{2}$/.test(code) ? code : null;
}

/** A value inside of records; undefined where one of them is missing. */
function valueAt(record: unknown, ...names: readonly string[]): unknown {
  let value = record;
  for (const name of names) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
    value = (value as Record<string, unknown>)[name];
  }
  return value;
}

const numberOf = (value: unknown): number | null =>
  typeof value === 'number' && Number.isFinite(value) ? value : null;
const textOf = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);
