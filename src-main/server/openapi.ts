import { OpenAPIGenerator } from '@orpc/openapi';
import { ZodToJsonSchemaConverter } from '@orpc/zod/zod4';
import { contract } from '../../src-shared/contract.ts';

type Document = Awaited<ReturnType<OpenAPIGenerator['generate']>>;

/** The OpenAPI document of the REST door, made from the contract. */
export async function openApiDocument(version: string): Promise<Document> {
  const generator = new OpenAPIGenerator({ schemaConverters: [new ZodToJsonSchemaConverter()] });
  return generator.generate(contract, {
    info: { title: 'Polevik', version, description: 'Clients, companies, assets, contracts, tickets, tasks and appointments of one organisation.' },
    servers: [{ url: '/api' }],
    security: [{ bearer: [] }],
    components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } } },
  });
}
