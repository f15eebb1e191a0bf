export { AppointmentsPage } from './AppointmentsPage.tsx';
export { CalendarPage } from './CalendarPage.tsx';
