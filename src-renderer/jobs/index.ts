export { JobsSettings } from './JobsSettings.tsx';
