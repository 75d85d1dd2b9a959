// Proves that types are told by the first bytes, that text needs its looks, and that no input is read beyond its end.

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { bytesOf } from '../golden/converse.ts';
import { mimeOf } from './mime.ts';

const typeOf = (...parts: string[]): string | undefined => {
  const bytes = bytesOf(...parts);
  return mimeOf(bytes, 0, bytes.length);
};

it.each([
  ['image/png', '89504e470d0a1a0a 0000'],
  ['image/jpeg', 'ffd8ffe0 0010'],
  ['image/gif', "'GIF89a"],
  ['application/pdf', "'%PDF-1.7"],
  ['application/zip', "'PK\x03\x04...."],
  ['application/x-gzip', '1f8b0800'],
  ['application/x-dosexec', "'MZ\x90\x00"],
  ['video/mp4', "'\x00\x00\x00\x18ftypisom"],
  ['text/html', "'\r\n <!-- x --> <HTML><body>"],
  ['text/html', `'<?xml version="1.0"?><!DOCTYPE html>`],
  ['application/xml', `'<?xml version="1.0"?><note/>`],
  ['text/json', `'{"name": 1}`],
  ['text/json', "'[1, 2]"],
  ['text/json', "'{}"],
  ['text/x-python', "'#!/usr/bin/env python\n"],
  ['text/x-shellscript', "'#!/bin/sh\n"],
  ['application/javascript', "'document.write('x')"],
  ['text/plain', "'just some words"],
  ['text/plain', "'{ not json at all }"],
  [undefined, "'short"],
  [undefined, '0001020304050607080910'],
  [undefined, ''],
])('%s', (type, bytes) => {
  expect(typeOf(bytes)).toBe(type);
});

it('finds OCSP by its object identifier', () => {
  expect(typeOf('3082 0111 0a01 00a0 82', '010a 3082 0106', '06092b0601050507300101')).toBe(
    'application/ocsp-response',
  );
});

it('reads nothing beyond the end', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), fc.nat(64), (bytes, cut) => {
      const end = Math.min(cut, bytes.length);
      expect(mimeOf(bytes, 0, end)).toBe(mimeOf(bytes.slice(0, end), 0, end));
    }),
    { numRuns: 500 },
  );
});
