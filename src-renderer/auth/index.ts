export { FirstRunPage } from './FirstRunPage.tsx';
export { PasswordField } from './PasswordField.tsx';
export { SignInPage } from './SignInPage.tsx';
