// One ClickHouse server: `clickhouse local` of the library, with the listeners that a server has. It lives until its
// standard input ends, so it never outlives who started it.
//
//   node serve.mjs PACKAGES DATA_FOLDER HTTP_PORT TCP_PORT CONFIG
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const [packages, folder, httpPort, tcpPort, config] = process.argv.slice(2);
const require = createRequire(join(packages, 'package.json'));
const { open, load, DataType } = require('ffi-rs');
const library = require.resolve('@chdb/lib-linux-x64-gnu/package.json');
open({ library: 'chdb', path: join(dirname(library), 'libchdb.so') });

// The last query reads standard input, so it ends when that does.
const query = 'SYSTEM START LISTEN HTTP; SYSTEM START LISTEN TCP; SELECT count() FROM table FORMAT Null';
const args = [
  'clickhouse',
  ...['--path', folder, '--config-file', config],
  ...[`--http_port=${httpPort}`, `--tcp_port=${tcpPort}`, '--listen_host=127.0.0.1'],
  ...['--structure', 'x String', '--input-format', 'LineAsString', '--query', query],
];
load({
  library: 'chdb',
  funcName: 'chdb_query_cmdline',
  retType: DataType.External,
  paramsType: [DataType.I32, DataType.StringArray],
  paramsValue: [args.length, args],
});
process.exit(0);
