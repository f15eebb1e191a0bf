export { articlesHandlers, knowledgeBaseHandlers } from './handlers.ts';
export { articles } from './service.ts';
