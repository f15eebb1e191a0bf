export { TicketsPage } from './TicketsPage.tsx';
