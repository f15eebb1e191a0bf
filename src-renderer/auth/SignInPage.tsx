import { useState } from 'react';
import { JoinForm } from './JoinForm.tsx';
import { SignInForm } from './SignInForm.tsx';

const invitationToken = (): string | null => (window.location.pathname === '/join' ? new URLSearchParams(window.location.hash.slice(1)).get('token') : null);

/** The door: sign in, or take up an invitation (`/join#token=…`). */
export function SignInPage() {
  const [token, setToken] = useState(invitationToken);
  const leave = (): void => {
    window.history.replaceState(null, '', '/desk');
    setToken(null);
  };
  return token ? <JoinForm token={token} onOther={leave} /> : <SignInForm />;
}
