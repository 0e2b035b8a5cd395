import { describe, expect, it } from '@jest/globals';
import { connect, type Socket } from 'node:net';
import { QueryFailedError, QueryRunnerAlreadyReleasedError } from 'typeorm';
import { failureOf, isDatabaseAway, mayHaveCommitted } from './database-errors.js';

const withCode = (code: string, more: object = {}) =>
  Object.assign(new Error('failed'), { code, ...more });
const said = (code: string, severity = 'ERROR') => withCode(code, { severity });

const NETWORK = [
  ...['ECONNREFUSED', 'ECONNRESET', 'ECONNABORTED', 'EPIPE', 'ETIMEDOUT', 'EADDRNOTAVAIL'],
  ...['EHOSTUNREACH', 'EHOSTDOWN', 'ENETUNREACH', 'ENETDOWN', 'ENETRESET'],
  ...['ENOTFOUND', 'EAI_AGAIN', 'EAI_FAIL', 'EPROTO', 'ERR_SSL_WRONG_VERSION_NUMBER'],
  ...['ERR_TLS_CERT_ALTNAME_INVALID', 'CERT_HAS_EXPIRED', 'DEPTH_ZERO_SELF_SIGNED_CERT'],
  ...['SELF_SIGNED_CERT_IN_CHAIN', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
];
const ENDED = [
  ...['08000', '08001', '08003', '08004', '08006', '08007', '08P01'],
  ...['57P01', '57P02', '57P03', '57P04', '57P05', '25P03', '25P04'],
];
const UNABLE = [
  ...['25006', '28000', '28P01', '3D000', '42501', '53000', '53100', '53200', '53300', '53400'],
  ...['58000', '58030', '58P01', 'XX001', 'XX002'],
];
const WORDS = [
  ...['Connection terminated', 'Connection terminated unexpectedly', 'timeout expired'],
  ...['Client has encountered a connection error and is not queryable'],
  ...['Client was closed and is not queryable', 'Query read timeout', 'Driver not Connected'],
  ...[
    'Connection terminated due to connection timeout',
    'The server does not support SSL connections',
  ],
  ...['Cannot use a pool after calling end on the pool'],
  ...['SASL: SCRAM-SERVER-FINAL-MESSAGE: server signature does not match'],
];

describe('an error of the database', () => {
  it.each([
    ...[...NETWORK, ...ENDED, ...UNABLE].map((code) => [code, withCode(code)] as const),
    ...WORDS.map((message) => [message, new Error(message)] as const),
    ['a session that has ended, whatever for', said('XX000', 'FATAL')] as const,
    ['a connection that was given back', new QueryRunnerAlreadyReleasedError()] as const,
  ])('is an outage, on its own and inside others: %s', (_, error) => {
    for (const each of [
      error,
      new QueryFailedError('SELECT 1', [], error),
      new Error('cannot', { cause: error }),
      new AggregateError([error], ''),
      new AggregateError([new Error('another address'), error], ''),
      new Error('cannot', { cause: new AggregateError([withCode('EINVAL'), error]) }),
    ]) {
      expect(isDatabaseAway(each)).toBe(true);
    }
  });

  it.each([
    '23505',
    '23514',
    '22P02',
    '42P01',
    '42601',
    '40001',
    '40P01',
    '0A000',
    'ERR_INVALID_URL',
  ])('is none: %s', (code) => expect(isDatabaseAway(said(code))).toBe(false));

  it('may lead back to itself', () => {
    const error = new Error('round');
    error.cause = new AggregateError([error]);
    expect(isDatabaseAway(error)).toBe(false);
  });

  it('leaves it open whether a COMMIT was done, except where the server says or nothing was sent', () => {
    const open = ['57P01', '08006', '08P01', '25P03'].map((code) => said(code, 'FATAL'));
    const panic = said('53100', 'PANIC');
    const words = new Error('Connection terminated unexpectedly');
    for (const error of [...open, panic, words, withCode('ECONNRESET', { syscall: 'read' })]) {
      expect(mayHaveCommitted(error)).toBe(true);
    }
    const sure = ['53100', '25006', '58030', '42501'].map((code) => said(code));
    const refused = ['28P01', '3D000', '53300', '57P03', '42501'].map((code) =>
      said(code, 'FATAL'),
    );
    const unreached = withCode('EHOSTUNREACH', { syscall: 'connect' });
    for (const error of [...sure, ...refused, unreached, new AggregateError([unreached])]) {
      expect(mayHaveCommitted(error)).toBe(false);
    }
  });

  it('is told apart for operators', () => {
    const codes = ['53100', 'EAI_AGAIN', '55P03', '40P01', '23505', 'XX000'].map((code) =>
      said(code),
    );
    expect(codes.map(failureOf)).toEqual([
      ...['unable', 'connection_lost', 'lock_timeout', 'conflict', 'bad_data', 'failed'],
    ]);
  });

  it('is one as Node itself makes it, of every address of a name', async () => {
    const refused = await new Promise<unknown>((resolve) => {
      const socket: Socket = connect({ host: 'localhost', port: 1, autoSelectFamily: true });
      socket.once('error', resolve);
    });
    expect(isDatabaseAway(refused)).toBe(true);
    expect(mayHaveCommitted(refused)).toBe(false);
  });
});
