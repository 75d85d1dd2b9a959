// Programs that come by HTTP in clear: told by their first bytes, graver when name or type hide what they are.

import type { AnyEvent, EventPlace } from '../../../core/index.ts';
import { count, defineDetector } from '../detector.ts';
import { Repeats, repeatsTable } from '../repeats.ts';
import { betweenHosts, clientOf, communityAt, counted, serverOf } from '../wording.ts';
import { isRandom } from './agents.ts';

/** Types by contents, as the reader of files names them. */
const programs: ReadonlyMap<string, string> = new Map([
  ['application/x-dosexec', 'Windows'],
  ['application/x-executable', 'Linux'],
  ['application/x-mach-o-executable', 'macOS'],
  ['application/x-java-applet', 'Java'],
]);
/** Names that programs are sent under by those who do not hide them. */
const openNames =
  /\.(?:exe|msi|dll|sys|scr|cab|ocx|drv|cpl|com|bin|elf|so(?:\.[\d.]+)?|run|appimage|dmg|pkg|class|jar|dylib|o|ko|mui|msu|msp|psf|esd|deb|rpm)$/i;
const openTypes =
  /^(?:application\/(?:octet-stream|x-msdownload|x-msdos-program|x-dosexec|vnd\.microsoft\.portable-executable|x-executable|x-elf|x-sharedlib|java-vm|x-java[\w-]*|exe|x-exe|binary|download|force-download|x-download|x-mach-binary)|binary\/octet-stream|)$/i;

/** What a Java runtime runs when it is given it, packed as JAR or Pack200; exploit kits call it a page or a picture. */
const archives: ReadonlySet<string> = new Set(['application/zip', 'application/x-gzip']);
const isJava = (event: AnyEvent): boolean => /\bJava\/\d/.test(textOf(event.userAgent).slice(0, 256));
const pageOrPicture = /^(?:text|image|audio|video)\//i;

/** The system a program is for; undefined when the file is none. */
function systemOf(event: AnyEvent, types: readonly unknown[]): string | undefined {
  const found = types.map((type) => programs.get(textOf(type))).find((one) => one !== undefined);
  if (found !== undefined || !isJava(event) || !pageOrPicture.test(textOf(event.contentType))) return found;
  return types.some((type) => archives.has(textOf(type))) ? 'Java' : undefined;
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
const isAddress = (host: string): boolean => /^\d{1,3}(?:\.\d{1,3}){3}$/.test(host) || host.includes(':');

/** What hides it: the reasons, in words. */
function disguises(event: AnyEvent): string[] {
  const found: string[] = [];
  const path = textOf(event.url).split(/[?#]/, 1)[0].slice(0, 512);
  const names = Array.isArray(event.responseFilenames) ? event.responseFilenames.map(textOf) : [];
  const name = names[0] ?? path.slice(path.lastIndexOf('/') + 1);
  if (/\.[A-Za-z]{2,5}$/.test(name) && !openNames.test(name))
    found.push(`the name ${JSON.stringify(name.slice(0, 60))}`);
  if (!openTypes.test(textOf(event.contentType))) {
    found.push(`the type ${textOf(event.contentType).slice(0, 60)}`);
    // A runtime asks for archives by their names.
    if (isJava(event) && !/\.\w{2,5}$/.test(name)) found.push('a name without an ending for a Java runtime');
  }
  if (isAddress(textOf(event.hostname))) found.push('a server without a name');
  if (isRandom(textOf(event.userAgent))) found.push('a nonsense name of the client');
  return found;
}

export const executable = defineDetector({
  name: 'web.executable',
  title: 'Program downloaded in clear',
  version: 1,
  severity: 'low',
  mitre: 'T1105',
  meaning: 'What is run afterwards came unprotected; malware fetches its parts like this, often under another name.',
  benign: 'Updates of Windows and other software come over plain HTTP, and are signed.',
  next: 'Get the file from the capture (without running it), compare its hash, and see what the client did next.',
  options: { disguises: count(2, 'Signs of hiding from which it is medium') },
  open: ({ options, now, network, table, raise }) => {
    const seen = new Repeats(table(repeatsTable(256)), now);
    return {
      events: {
        http(event: AnyEvent, at: EventPlace): void {
          if (at.only === 'eve' || !Array.isArray(event.responseMimeTypes)) return;
          const system = systemOf(event, event.responseMimeTypes);
          if (system === undefined) return;
          const hidden = disguises(event);
          const isLocal = network.isLocal(at.ipVersion, at.s0, at.s1, at.s2, at.s3);
          const severity =
            hidden.length >= options.disguises ? 'medium' : hidden.length === 1 && !isLocal ? 'low' : 'info';
          const repeated = seen.pair(at, severity.length);
          if (repeated === null) return;
          const client = clientOf(at);
          const server = serverOf(at);
          const host = textOf(event.hostname).slice(0, 80);
          raise({
            key: `${client} ← ${server} ${severity}`,
            sources: [server],
            targets: [client],
            severity,
            observed: repeated.count,
            threshold: 1,
            unit: 'programs',
            firstUs: repeated.firstUs,
            firstPacket: repeated.firstPacket,
            count: repeated.count,
            explain: `${client} fetched ${counted(repeated.count, 'program')} for ${system} from ${host === '' ? server : host}${hidden.length === 0 ? '' : `, with ${hidden.join(' and ')}`}: ${textOf(event.url).slice(0, 120)}`,
            ...(hidden.length === 0 && { against: 'Name and type say what it is.' }),
            flows: [communityAt(at)],
            filter: `${betweenHosts(client, server)} && http`,
          });
        },
      },
    };
  },
});
