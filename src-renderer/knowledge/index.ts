export { ArticlesPage } from './ArticlesPage.tsx';
