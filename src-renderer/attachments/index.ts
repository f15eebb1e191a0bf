export { Attachments, Counted } from './Attachments.tsx';
export { FilesState } from './FilesState.tsx';
