import { OpenAPIGenerator } from '@orpc/openapi';
import { ZodToJsonSchemaConverter } from '@orpc/zod/zod4';
import { contract } from '../../src-shared/contract.ts';

type Document = Awaited<ReturnType<OpenAPIGenerator['generate']>>;

const ERROR = '#/components/schemas/Error';

/** The OpenAPI document of the REST door, made from the contract. All refusals have one shape, which is described once. */
export async function openApiDocument(version: string): Promise<Document> {
  const generator = new OpenAPIGenerator({ schemaConverters: [new ZodToJsonSchemaConverter()] });
  const codes = new Set<string>();
  let data: unknown = {};
  const document = await generator.generate(contract, {
    info: { title: 'Polevik', version, description: 'Clients, companies, assets, contracts, tickets, tasks, appointments and articles of one organisation.' },
    servers: [{ url: '/api' }],
    security: [{ bearer: [] }],
    components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } } },
    customErrorResponseBodySchema: (defined) => {
      for (const [code, , , schema] of defined) {
        codes.add(code);
        data = schema;
      }
      return { $ref: ERROR };
    },
  });
  const error = {
    type: 'object',
    required: ['defined', 'code', 'status', 'message', 'data'],
    properties: {
      defined: { type: 'boolean', description: 'Whether the code is one of those below' },
      code: { type: 'string', enum: [...codes].sort() },
      status: { type: 'integer' },
      message: { type: 'string', description: 'A sentence in the caller’s language' },
      field: { type: 'string', description: 'The field at fault, where there is one' },
      data,
    },
  };
  return { ...document, components: { ...document.components, schemas: { ...document.components?.schemas, Error: error as NonNullable<NonNullable<Document['components']>['schemas']>[string] } } };
}
