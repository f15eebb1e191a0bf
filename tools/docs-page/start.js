/* global SwaggerUIBundle */
// Sections begin closed: drawing a hundred operations at once takes seconds.
SwaggerUIBundle({ url: '/openapi.json', dom_id: '#swagger-ui', deepLinking: true, docExpansion: 'none', filter: true, defaultModelsExpandDepth: -1, persistAuthorization: false, tryItOutEnabled: true, validatorUrl: null });
