import { useTranslation } from 'react-i18next';
import { Panels } from '../kit/Panel.tsx';
import { PasswordChange } from './PasswordChange.tsx';
import { Sessions } from './Sessions.tsx';
import { Tokens } from './Tokens.tsx';
import { TwoFactor } from './TwoFactor.tsx';

/** How one gets in, from where one is in, and what scripts get in with. */
export function Security() {
  const { t } = useTranslation();
  return (
    <Panels title={t('settings:sections.security')} wide>
      <PasswordChange />
      <TwoFactor />
      <Sessions />
      <Tokens />
    </Panels>
  );
}
