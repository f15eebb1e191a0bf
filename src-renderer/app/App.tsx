import { MantineProvider, useMantineColorScheme } from '@mantine/core';
import { DatesProvider } from '@mantine/dates';
import { Notifications } from '@mantine/notifications';
import { QueryClientProvider } from '@tanstack/react-query';
import { lazy, Suspense, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { BrowserRouter } from 'react-router';
import { ErrorState, Loading } from '../kit/States.tsx';
import { Frame } from './Frame.tsx';
import { queryClient } from './query.ts';
import { useSession } from './session.ts';
import { legible, theme } from './theme.ts';

const SignIn = lazy(async () => ({ default: (await import('../auth/index.ts')).SignInPage }));
const FirstRun = lazy(async () => ({ default: (await import('../auth/index.ts')).FirstRunPage }));

export function App() {
  const { i18n } = useTranslation();
  return (
    <MantineProvider theme={theme} cssVariablesResolver={legible} defaultColorScheme="auto">
      <DatesProvider settings={{ locale: i18n.language, firstDayOfWeek: 1 }}>
        <Notifications position="bottom-center" limit={4} />
        <QueryClientProvider client={queryClient}>
          <BrowserRouter>
            <ThemeOfUser />
            <Gate />
          </BrowserRouter>
        </QueryClientProvider>
      </DatesProvider>
    </MantineProvider>
  );
}

/** The theme goes with the person, not with the machine. */
function ThemeOfUser() {
  const wanted = useSession((session) => session.me?.user.theme);
  const { setColorScheme } = useMantineColorScheme();
  useEffect(() => {
    if (wanted !== undefined) setColorScheme(wanted === 'light' || wanted === 'dark' ? wanted : 'auto');
  }, [wanted, setColorScheme]);
  return null;
}

function Gate() {
  const { state, start, failure } = useSession();
  useEffect(() => void start(), [start]);
  if (failure) return <ErrorState error={failure} retry={() => void start()} />;
  if (state === 'unknown') return <Loading />;
  return <Suspense fallback={<Loading />}>{state === 'signed_in' ? <Frame /> : state === 'first_run' ? <FirstRun /> : <SignIn />}</Suspense>;
}
