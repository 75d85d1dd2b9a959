// What is told of a request to PostgreSQL: EVE's lines and the summary for logs.

import type { EventOf } from '../../../../core/index.ts';
import { flag, number, object, text } from '../../../../core/index.ts';

export const fields = {
  transaction: number('Transaction', { eve: 'pgsql.tx_id' }),
  request: object('Request', { eve: 'pgsql.request' }),
  response: object('Response', { eve: 'pgsql.response' }),
  user: text('User', { zeek: 'user' }),
  database: text('Database', { zeek: 'database' }),
  application: text('Application', { zeek: 'application_name' }),
  frontend: text('Request', { zeek: 'frontend' }),
  statement: text('Statement', { zeek: 'frontend_arg', filter: 'pgsql.query' }),
  backend: text('Answers', { zeek: 'backend' }),
  backendArgument: text('Details of the answers', { zeek: 'backend_arg' }),
  success: flag('Success', { zeek: 'success' }),
  rows: number('Rows returned', { zeek: 'rows' }),
  affectedRows: number('Rows returned or changed'),
  error: text('Error'),
  errorCode: text('Error code', { filter: 'pgsql.code' }),
  latencyUs: number('Latency', { unit: 'us' }),
};

/** A request and what was answered so far. */
export interface Request {
  readonly frontend: string;
  statement: string;
  readonly startUs: number;
  /** EVE's lines of it: what was asked since the last one, and what was answered. */
  asked: Record<string, unknown>;
  answered: Record<string, unknown>;
  readonly backends: string[];
  readonly details: string[];
  rows: number;
  affected: number | undefined;
  success: boolean | undefined;
  error: string;
  errorCode: string;
}

export const newRequest = (
  frontend: string,
  statement: string,
  asked: Record<string, unknown>,
  startUs: number,
): Request => ({
  frontend,
  statement,
  startUs,
  asked,
  answered: {},
  backends: [],
  details: [],
  rows: 0,
  affected: undefined,
  success: undefined,
  error: '',
  errorCode: '',
});

/** The whole of a request, for logs. @param success undefined when nothing was answered */
export function summaryOf(request: Request, success: boolean | undefined, nowUs: number): EventOf<typeof fields> {
  const { frontend, statement, backends, details, startUs, error, errorCode } = request;
  const isQuery = statement !== '' || frontend === 'simple_query' || frontend === 'execute';
  return {
    frontend,
    ...(isQuery && { statement }),
    ...(backends.length > 0 && { backend: backends.join(',') }),
    ...(details.length > 0 && { backendArgument: details.join(',') }),
    ...(success !== undefined && { success, latencyUs: Math.max(0, nowUs - startUs) }),
    ...(isQuery && success === true && { rows: request.rows }),
    ...(request.affected !== undefined && { affectedRows: request.affected }),
    ...(errorCode !== '' && { error, errorCode }),
  };
}
