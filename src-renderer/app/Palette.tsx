import { Spotlight, type SpotlightActionData, type SpotlightActionGroupData } from '@mantine/spotlight';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { IconDeviceDesktopShare, IconPlus, IconSearch } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { hitLink } from '../kit/links.ts';
import { numberText } from '../kit/No.tsx';
import { namespaceOf } from '../kit/valueText.ts';
import { connectTo, spaced, useFoundAddresses } from '../remote-access/index.ts';
import { client } from './client.ts';
import { PALETTE_FIELD, paletteArrived, paletteLeft, usePaletteWords } from './palette-words.ts';
import type { AppRoute } from './routes.tsx';

const NEW = ['tickets', 'clients', 'tasks', 'appointments', 'companies', 'contacts', 'assets', 'contracts', 'articles'] as const;

/** One field to find, to go and to do. */
export function Palette({ routes }: { routes: readonly AppRoute[] }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { words, setWords } = usePaletteWords();
  const [asked] = useDebouncedValue(words.trim(), 100);
  const found = useQuery({ queryKey: [['search', 'query'], asked], queryFn: ({ signal }) => client.search.query({ q: asked, limit: 12 }, { signal }), enabled: asked.length > 0 });
  const addresses = useFoundAddresses(asked);
  const fits = (label: string): boolean => label.toLowerCase().includes(words.trim().toLowerCase());

  const hits: SpotlightActionData[] = (asked ? (found.data?.items ?? []) : []).map((hit) => ({
    id: `${hit.entity}-${hit.id}`,
    label: hit.title,
    description: [t(`app:entities.${hit.entity}`), numberText(hit), hit.subtitle].filter(Boolean).join(' · '),
    onClick: () => void navigate(hitLink(hit)),
  }));
  const connect: SpotlightActionData[] = (asked ? (addresses.data?.items ?? []) : []).map((address) => ({
    id: `connect-${address.id}`,
    label: t('remote-access:connect_named', { name: [address.client_name, address.machine ?? address.asset_name].filter(Boolean).join(' · ') }),
    description: `${t(`remote-access:tools.${address.tool}`)} ${spaced(address.address)}`,
    leftSection: <IconDeviceDesktopShare size={18} />,
    onClick: () => void connectTo(address),
  }));
  const go: SpotlightActionData[] = routes
    .map((route) => ({ id: `go-${route.path}`, label: t(`app:pages.${route.path}`), leftSection: <route.icon size={18} stroke={1.6} />, onClick: () => void navigate(`/${route.path}`) }))
    .filter((action) => fits(action.label));
  const create: SpotlightActionData[] = NEW.map((feature) => ({ id: `new-${feature}`, label: t(`${namespaceOf(feature)}:new`), leftSection: <IconPlus size={18} />, onClick: () => void navigate(`/${feature}/new`) })).filter((action) => fits(action.label));
  const groups: SpotlightActionGroupData[] = [
    { group: t('app:palette.found'), actions: hits },
    { group: t('remote-access:connect_group'), actions: connect },
    { group: t('app:palette.go'), actions: go },
    { group: t('app:palette.create'), actions: create },
  ].filter((group) => group.actions.length > 0);

  return (
    <Spotlight
      actions={groups}
      query={words}
      onQueryChange={setWords}
      filter={(_query, actions) => actions}
      shortcut={null}
      nothingFound={found.isFetching ? t('app:palette.looking') : t('app:palette.nothing')}
      onSpotlightClose={paletteLeft}
      searchProps={{ leftSection: <IconSearch size={18} />, placeholder: t('app:palette.placeholder'), 'aria-label': t('app:palette.placeholder'), onFocus: paletteArrived, id: PALETTE_FIELD }}
      maxHeight={420}
      scrollable
      limit={40}
    />
  );
}
