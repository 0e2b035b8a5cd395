import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ApiClient } from '../../../test/api-client.js';
import { Installation, type ApiProcess } from '../../../test/installation.js';

interface Operation {
  operationId: string;
  summary?: string;
  security?: object[];
  requestBody?: object;
  responses: Record<string, { description: string; content?: Record<string, object> }>;
}

describe('the OpenAPI document', () => {
  let installation: Installation;
  let api: ApiProcess;
  let nobody: ApiClient;
  let admin: ApiClient;
  let operations: { path: string; method: string; operation: Operation }[];
  beforeAll(async () => {
    ({ installation, api } = await Installation.withApi());
    nobody = api.client();
    admin = await api.client().registerAdmin();
    const { body } = await nobody.request('GET', '/api/openapi.json');
    operations = Object.entries<Record<string, Operation>>(body.paths).flatMap(([path, item]) =>
      Object.entries(item).map(([method, operation]) => ({ path, method, operation })),
    );
  });
  afterAll(() => installation.stop());

  it('describes every answer of every route, and who may ask', () => {
    expect(operations.length).toBeGreaterThan(15);
    const ofApi = operations.filter(({ path }) => path.startsWith('/api/'));
    for (const { path, method, operation } of ofApi) {
      const { operationId, summary, security, responses } = operation;
      expect([path, method, operationId, summary]).not.toContain(undefined);
      expect(security).toBeDefined();
      expect(Object.keys(responses).filter((status) => status < '300')).toHaveLength(1);
      for (const [status, { content }] of Object.entries(responses)) {
        if (status === '204' || status === '304') continue;
        const type = status < '300' ? 'application/json' : 'application/problem+json';
        const schema = { $ref: expect.stringContaining('#/components/schemas/') };
        expect(content).toEqual({ [type]: { schema } });
      }
    }
  });

  it('knows what a body is refused for before its route is asked', async () => {
    const changes = operations.filter(({ method }) => method !== 'get');
    const json = { 'content-type': 'application/json' };
    for (const { path, method, operation } of changes) {
      for (const request of [
        { raw: '{', headers: json },
        { raw: `"${'x'.repeat(100_000)}"`, headers: json },
        { raw: '<x/>', headers: { 'content-type': 'application/xml' } },
      ]) {
        const { status, body } = await admin.request(method.toUpperCase(), path, request);
        expect([400, 413, 415]).toContain(status);
        expect(operation.responses[status]?.description.split(', ')).toContain(body.code);
      }
    }
  });
});
