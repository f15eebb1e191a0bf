export { AssetsPage } from './AssetsPage.tsx';
