import '@fontsource-variable/inter/wght.css';
import '@mantine/core/styles.css';
import '@mantine/dates/styles.css';
import '@mantine/notifications/styles.css';
import '@mantine/spotlight/styles.css';
import 'dayjs/locale/ru';
import './app/global.css';
import { createRoot } from 'react-dom/client';
import { App } from './app/App.tsx';
import { openClient } from './app/client.ts';
import { startI18n } from './app/i18n.ts';

await startI18n();
await openClient();
createRoot(document.getElementById('root') as HTMLElement).render(<App />);
