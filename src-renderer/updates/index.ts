export { UpdateNotice } from './UpdateNotice.tsx';
export { UpdatesSettings } from './UpdatesSettings.tsx';
