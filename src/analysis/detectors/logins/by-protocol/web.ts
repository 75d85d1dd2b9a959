// Password guessing by HTTP: credentials refused with 401 or 403, or one form sent again and again with the same answer.

import type { AnyEvent, EventPlace } from '../../../../core/index.ts';
import { hashText, hashWords } from '../../../sketches/index.ts';
import { count, defineDetector, seconds, share } from '../../detector.ts';
import { Attempt, failed, nameOf, type Outcome, passed } from '../attempt.ts';
import { guessEvidence, guessMeaning, guessNext, raiseNewer } from '../guessing.ts';
import { openLedger } from '../ledger.ts';

const SAME = 0;
const LENGTH = 1;
const STATUS = 2;

/** Schemes that refuse wrong credentials with 401. NTLM and Negotiate are refused once as they go; NTLM is told by itself. */
const plainSchemes = new Set(['basic', 'digest']);

/** Characters of a path that are looked at. */
const pathChars = 256;
const loginPath =
  /log[-_]?[io]n|sign[-_]?in|logon|authenticat|xmlrpc\.php|j_security_check|\/auth\b|\/session[s]?$|admin(?:istrator)?\/?(?:index\.php)?$|passw/i;
const passwordParameter = /[?&](?:pass|passwd|password|pwd)=/i;

export const bruteHttp = defineDetector({
  name: 'brute.http',
  title: 'Password guessing by HTTP',
  version: 1,
  severity: 'medium',
  mitre: 'T1110.001',
  meaning: guessMeaning,
  benign: 'A program that asks an interface again and again with a key that is no longer valid.',
  next: guessNext,
  options: {
    failures: count(20, 'Logins that failed, or forms sent with the same answer, within `windowSec`'),
    windowSec: seconds(300, 'Window in which they are counted'),
    likeness: share(0.03, 'Difference in length below which two answers are the same'),
  },
  open: (around) => {
    const { options, now, table, raise } = around;
    const ledger = openLedger(around);
    const attempt = new Attempt();
    /** By client, server and path of a form: 512 rows of 44 bytes. */
    const forms = table({ capacity: 512, keyWords: 5, words: 3, idleSec: options.windowSec });

    /** Counts a form; gives how the login went as far as its answers tell: the same as before is a failure. */
    const form = (event: AnyEvent, place: EventPlace, path: string): Outcome | null => {
      const row = forms.claim(
        now.sec,
        hashWords(place.c0, place.c1, place.c2, place.c3, place.ipVersion),
        hashWords(place.s0, place.s1, place.s2, place.s3, place.sPort),
        hashText(path),
        hashText(String(event.hostname ?? '')),
        hashText(String(event.method)),
      );
      if (row < 0) return null;
      const w = forms.words;
      const at = forms.at(row);
      const length = Number(event.length ?? 0) | 0;
      const status = Number(event.status ?? 0) | 0;
      const isSame = w[at + STATUS] === status && Math.abs(w[at + LENGTH] - length) <= options.likeness * length + 2;
      w[at + LENGTH] = length;
      w[at + STATUS] = status;
      w[at + SAME] = isSame ? w[at + SAME] + 1 : 0;
      return isSame && status > 0 && status < 500 ? failed(event.username) : null;
    };

    const outcomeOf = (event: AnyEvent, place: EventPlace): Outcome | null => {
      const status = Number(event.status ?? 0);
      const scheme = event.authorization;
      if (typeof scheme === 'string' && plainSchemes.has(scheme.toLowerCase())) {
        if (status === 401 || status === 403) return failed(event.username);
        return status >= 200 && status < 400 ? passed(event.username) : null;
      }
      const url = typeof event.url === 'string' ? event.url.slice(0, pathChars) : '';
      const query = url.indexOf('?');
      const path = query < 0 ? url : url.slice(0, query);
      if (event.method === 'POST') return loginPath.test(path) ? form(event, place, path) : null;
      return query >= 0 && passwordParameter.test(url) ? form(event, place, path) : null;
    };

    const http = (event: AnyEvent, place: EventPlace): void => {
      if (place.only === 'eve') return;
      const outcome = outcomeOf(event, place);
      if (outcome === null) return;
      const row = ledger.note(attempt.atPlace('http', outcome, place), now.sec);
      if (row < 0 || outcome.isSuccess) return;
      const seen = ledger.failures(row);
      const raised = ledger.raised(row);
      const most = Math.min(options.failures, 16);
      const isDense = ledger.isWithin(row, most, (options.windowSec * most) / Math.max(1, options.failures));
      if (raised > 0 ? seen < raised * 2 : seen < options.failures || !isDense) return;
      const host = nameOf(event.hostname);
      const evidence = guessEvidence(ledger, row, 'http', options.failures, now, attempt);
      raise(
        host === '' ? evidence : { ...evidence, explain: evidence.explain.replace(' by HTTP', ` (${host}) by HTTP`) },
      );
      ledger.raise(row, attempt);
    };
    return {
      events: { http, http2: http, http3: http },
      end: () => raiseNewer(ledger, 'http', options.failures, now, raise),
    };
  },
});
