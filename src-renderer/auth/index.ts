export { FirstRunPage } from './FirstRunPage.tsx';
export { SignInPage } from './SignInPage.tsx';
