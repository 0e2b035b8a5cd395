import { Button, Dialog, Menu, Text } from '@mantine/core';
import { IconChevronDown, IconLogout, IconUserCircle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { ProblemAlert } from '../../../components/problem-alert';
import type { User } from '../../../lib/api/types';
import { useLogout } from '../api/logout';

interface AccountMenuProps {
  user: User;
  /** The pages this user has, as menu items. */
  children: ReactNode;
}

export function AccountMenu({ user, children }: AccountMenuProps) {
  const logout = useLogout();
  return (
    <>
      <Menu position="bottom-end" width={240}>
        <Menu.Target>
          <Button
            variant="subtle"
            color="gray"
            px="xs"
            aria-label="Account"
            loading={logout.isPending}
            leftSection={<IconUserCircle size={22} />}
            rightSection={<IconChevronDown size={14} />}
          >
            <Text component="span" size="sm" maw={130} truncate visibleFrom="sm">
              {user.name ?? user.email}
            </Text>
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label style={{ overflowWrap: 'anywhere' }}>{user.email}</Menu.Label>
          {children}
          <Menu.Divider />
          <Menu.Item leftSection={<IconLogout size={16} />} onClick={() => logout.mutate()}>
            Sign out
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Dialog opened={logout.isError} onClose={logout.reset} withCloseButton>
        <ProblemAlert error={logout.error} onRetry={() => logout.mutate()} />
      </Dialog>
    </>
  );
}
