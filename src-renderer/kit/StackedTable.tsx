import { Table, type TableProps } from '@mantine/core';
import classes from './StackedTable.module.css';

/** A table whose cells stand below each other where there is no room for columns. */
export function StackedTable(props: TableProps) {
  return <Table verticalSpacing={6} {...props} className={classes['stacked'] ?? ''} />;
}
