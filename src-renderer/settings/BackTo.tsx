import { Button } from '@mantine/core';
import { IconArrowLeft } from '@tabler/icons-react';
import { Link } from 'react-router';

/** A way back to a list of the settings. */
export function BackTo({ to, children }: { to: string; children: string }) {
  return (
    <Button component={Link} to={to} variant="subtle" size="compact-sm" leftSection={<IconArrowLeft size={15} />}>
      {children}
    </Button>
  );
}
