import { Autocomplete, CloseButton, Group, Select, Switch, TextInput } from '@mantine/core';
import { IconMapPin, IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import type { ShowKind } from '../../../lib/api/types';
import { kindNames } from '../../../lib/kind-names';
import type { ShowFilters as Filters } from '../show-filters';
import classes from './show-filters.module.css';

interface ShowFiltersProps {
  filters: Filters;
  /** Regions to offer; any other may be typed. */
  regions: string[];
  onChange: (changes: Partial<Filters>) => void;
}

const kinds = Object.entries(kindNames).map(([value, label]) => ({ value, label }));

export function ShowFilters({ filters, regions, onChange }: ShowFiltersProps) {
  // The API matches whole region names, so a region is applied when it is complete.
  const [typedRegion, setTypedRegion] = useState<string | null>(null);
  const takeRegion = (region: string) => {
    setTypedRegion(null);
    onChange({ region: region.trim() });
  };

  return (
    <Group component="search" gap="sm" align="flex-end" className={classes.bar}>
      <TextInput
        className={classes.text}
        label="Search"
        placeholder="Title, place or doctor"
        leftSection={<IconSearch size={16} />}
        value={filters.q}
        onChange={({ currentTarget }) => onChange({ q: currentTarget.value })}
        rightSection={
          filters.q !== '' && (
            <CloseButton size="sm" aria-label="Clear search" onClick={() => onChange({ q: '' })} />
          )
        }
      />
      <Select
        className={classes.choice}
        label="Kind"
        placeholder="All kinds"
        data={kinds}
        value={filters.kind}
        onChange={(kind) => onChange({ kind: kind as ShowKind | null })}
        clearable
        clearButtonProps={{ 'aria-label': 'All kinds' }}
      />
      <Autocomplete
        className={classes.choice}
        label="Region"
        placeholder="All regions"
        leftSection={<IconMapPin size={16} />}
        data={regions}
        value={typedRegion ?? filters.region}
        onChange={setTypedRegion}
        onOptionSubmit={takeRegion}
        onBlur={() => typedRegion !== null && takeRegion(typedRegion)}
        onKeyDown={({ key }) => key === 'Enter' && typedRegion !== null && takeRegion(typedRegion)}
        onClear={() => takeRegion('')}
        clearable
        clearButtonProps={{ 'aria-label': 'All regions' }}
      />
      <Switch
        className={classes.switch}
        label="Only available"
        checked={filters.available}
        onChange={({ currentTarget }) => onChange({ available: currentTarget.checked })}
      />
    </Group>
  );
}
