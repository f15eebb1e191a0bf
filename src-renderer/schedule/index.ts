export { SchedulePage } from './SchedulePage.tsx';
