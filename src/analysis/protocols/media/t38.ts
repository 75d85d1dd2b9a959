// T.38: fax as UDPTL, which has no mark of its own. It is known where a call announces it (`m=image … udptl t38`).

import { defineProtocol } from '../protocol.ts';

export const t38 = defineProtocol({ name: 't38', title: 'T.38 fax', family: 'media', fields: {} });
