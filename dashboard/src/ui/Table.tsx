import { ActionIcon, Table as MantineTable, Menu } from '@mantine/core';
import IconDotsVertical from '@tabler/icons-react/icons/IconDotsVertical';
import { Link, type LinkProps } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import classes from './Table.module.css';

export interface Column<Row> {
  head: string;
  cell: (row: Row) => ReactNode;
  /** Figures stand at the right. */
  numeric?: boolean;
  /** In pixels; else what the content needs. */
  width?: number;
  /** Left out where the window is narrow. */
  minor?: boolean;
}

export interface RowAction {
  label: string;
  run: () => void;
  dangerous?: boolean;
  /** Why one may not; it stands below the label. */
  why?: string | undefined;
}

interface Props<Row> {
  /** What the table holds, for screen readers. */
  label: string;
  columns: Column<Row>[];
  rows: Row[];
  id: (row: Row) => string;
  /** Where a click on the row leads; its first cell is the link's text. */
  link?: (row: Row) => LinkProps;
  actions?: (row: Row) => RowAction[];
  /** Whether it is the one that is open beside the table. */
  isOpen?: (row: Row) => boolean;
}

/** Rows of 40 px under a head that stays; the whole row is the link, all else that one may do is in its menu. */
export function Table<Row>({ label, columns, rows, id, link, actions, isOpen }: Props<Row>) {
  return (
    <div className={classes.frame}>
      <MantineTable
        className={classes.table}
        aria-label={label}
        stickyHeader
        highlightOnHover={link !== undefined}
      >
        <MantineTable.Thead>
          <MantineTable.Tr>
            {columns.map((column) => (
              <MantineTable.Th
                key={column.head}
                w={column.width}
                data-numeric={column.numeric || undefined}
                data-minor={column.minor || undefined}
              >
                {column.head}
              </MantineTable.Th>
            ))}
            {actions !== undefined && (
              <MantineTable.Th w={48}>
                <span className={classes.unseen}>Actions</span>
              </MantineTable.Th>
            )}
          </MantineTable.Tr>
        </MantineTable.Thead>
        <MantineTable.Tbody>
          {rows.map((row) => (
            <MantineTable.Tr key={id(row)} className={classes.row} data-open={isOpen?.(row) || undefined}>
              {columns.map((column, index) => (
                <MantineTable.Td
                  key={column.head}
                  data-numeric={column.numeric || undefined}
                  data-minor={column.minor || undefined}
                >
                  {index === 0 && link !== undefined ? (
                    <Link {...link(row)} className={classes.link}>
                      {column.cell(row)}
                    </Link>
                  ) : (
                    column.cell(row)
                  )}
                </MantineTable.Td>
              ))}
              {actions !== undefined && (
                <MantineTable.Td className={classes.menu}>
                  <RowMenu actions={actions(row)} />
                </MantineTable.Td>
              )}
            </MantineTable.Tr>
          ))}
        </MantineTable.Tbody>
      </MantineTable>
    </div>
  );
}

function RowMenu({ actions }: { actions: RowAction[] }) {
  if (actions.length === 0) {
    return null;
  }
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" aria-label="Actions of this row">
          <IconDotsVertical size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {actions.map((action) => (
          <Menu.Item
            key={action.label}
            color={action.dangerous ? 'red' : undefined}
            onClick={action.run}
            disabled={action.why !== undefined}
            className={action.why === undefined ? undefined : classes.kept}
          >
            {action.label}
            {action.why !== undefined && <span className={classes.why}>{action.why}</span>}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
