import { Button, Group, Select, Stack, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { REMOTE_TOOLS, type RemoteAddress, type RemoteTool } from '../../src-shared/remote-access/model.ts';
import { client } from '../app/client.ts';
import { queryClient } from '../app/query.ts';
import { Failure } from '../kit/Failure.tsx';
import { RefPicker } from '../kit/RefPicker.tsx';
import { useSubmit } from '../kit/useSubmit.ts';

interface Props {
  clientId: string;
  /** The asset that a new address belongs to. */
  assetId: string | undefined;
  /** The address to change; a new one where there is none. */
  address?: RemoteAddress;
  done: () => void;
}

/** A new address of a client, or another word about a known one. */
export function AddressForm({ clientId, assetId, address, done }: Props) {
  const { t } = useTranslation();
  const [tool, setTool] = useState<RemoteTool>(address?.tool ?? 'anydesk');
  const [asset, setAsset] = useState<string | null>(address?.asset_id ?? assetId ?? null);
  const [values, setValues] = useState({ address: address?.address ?? '', machine: address?.machine ?? '', comment: address?.comment ?? '' });
  const { form, busy, errors, failure, run, refuse, clear } = useSubmit();
  const set = (name: keyof typeof values) => (event: { currentTarget: { value: string } }) => {
    setValues({ ...values, [name]: event.currentTarget.value });
    clear(name);
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (refuse({ address: values.address.trim() ? null : t('app:form.required') })) return;
    void run(async () => {
      const written = { asset_id: asset, tool, address: values.address, machine: values.machine || null, comment: values.comment || null };
      await (address ? client.remoteAddresses.update({ id: address.id, ...written }) : client.remoteAddresses.create({ client_id: clientId, ...written }));
      await queryClient.invalidateQueries();
      done();
    });
  };
  return (
    <form ref={form} onSubmit={submit} noValidate>
      <Stack gap="xs">
        <Failure text={failure} />
        <Group gap="xs" align="flex-start" wrap="wrap">
          <Select label={t('remote-access:fields.tool')} w={140} data={REMOTE_TOOLS.map((value) => ({ value, label: t(`remote-access:tools.${value}`) }))} value={tool} allowDeselect={false} onChange={(value) => value && setTool(value as RemoteTool)} />
          <TextInput name="address" label={t('remote-access:fields.address')} required value={values.address} onChange={set('address')} error={errors['address']} autoComplete="off" w={190} data-autofocus />
          <TextInput name="machine" label={t('remote-access:fields.machine')} value={values.machine} onChange={set('machine')} error={errors['machine']} autoComplete="off" w={190} />
          <div style={{ width: 190 }}>
            <RefPicker to="assets" label={t('remote-access:fields.asset_id')} value={asset} name={address?.asset_name ?? null} within={{ client_id: clientId }} onChange={(id) => setAsset(id)} error={errors['asset_id']} />
          </div>
          <TextInput name="comment" label={t('remote-access:fields.comment')} value={values.comment} onChange={set('comment')} error={errors['comment']} autoComplete="off" w={290} />
        </Group>
        <Group gap="xs">
          <Button type="submit" loading={busy}>
            {t('app:actions.save')}
          </Button>
          <Button variant="subtle" onClick={done}>
            {t('app:actions.cancel')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
