import { Alert } from '@mantine/core';

/** What is wrong with a form besides its fields; read aloud at once. */
export function Failure({ text }: { text: string | null }) {
  return text ? (
    <Alert color="red" variant="light" role="alert" p="xs">
      {text}
    </Alert>
  ) : null;
}
