/**
 * Who serves: names of services by server name.
 *
 * Guarantees: a lookup costs one map access per label of the name and allocates nothing that outlives it; the longest
 * suffix that is listed wins; a name that is not listed has no service.
 */
import { type ServiceCategory, serviceTable } from './domains.ts';

export type { ServiceCategory };

export interface Service {
  readonly name: string;
  readonly category: ServiceCategory;
}

const bySuffix = new Map<string, Service>();
for (const line of serviceTable.split('\n')) {
  const [name, category, ...suffixes] = line.split(' ');
  if (name === '' || name === '#') continue;
  // The test holds the table's second column against the categories.
  const service: Service = { name, category: category as ServiceCategory };
  for (const suffix of suffixes) bySuffix.set(suffix, service);
}

/** Names of all services in the order of the table; 0 is none. A name's place is its number in flow records. */
export const serviceNames: readonly string[] = ['', ...new Set([...bySuffix.values()].map(({ name }) => name))];
const numbers = new Map(serviceNames.map((name, number) => [name, number]));

/** Number of the service of a server's name, 0 when it is none that is known. */
export const serviceNumberOf = (serverName: string): number => numbers.get(serviceOf(serverName) ?? '') ?? 0;

/** The service of a server's name (SNI, Host, a name that was looked up); null when it is none that is known. */
export function serviceWithCategoryOf(serverName: string): Service | null {
  let name = serverName.toLowerCase();
  if (name.endsWith('.')) name = name.slice(0, -1);
  const colon = name.indexOf(':');
  if (colon > 0) name = name.slice(0, colon);
  for (;;) {
    const service = bySuffix.get(name);
    if (service !== undefined) return service;
    const dot = name.indexOf('.');
    if (dot < 0) return null;
    name = name.slice(dot + 1);
  }
}

/** Like {@link serviceWithCategoryOf}, only the name. */
export const serviceOf = (serverName: string): string | null => serviceWithCategoryOf(serverName)?.name ?? null;
