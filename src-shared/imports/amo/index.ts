export { cleanCell, decodeEntities, splitResponsible } from './cells.ts';
export { glancer } from './glance.ts';
export { planHeaders, type HeaderPlan, type HeaderVerdict, type PlannedColumn } from './headers.ts';
export { mapRow, type ImportedCompany, type ImportedContact, type MappedRow } from './map-row.ts';
export type { ImportWarning } from './row-reader.ts';
