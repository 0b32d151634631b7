import { Button, Modal } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Failure } from '../../ui/Failure';
import { count, counted } from '../../ui/figures';
import { Loading } from '../../ui/Loading';
import { allGrantsOfApiQuery, type ClientGrant } from '../clientgrant/grants';
import classes from './ApiPermissions.module.css';
import type { ResourceServer } from './resourceServers';

interface Props {
  server: ResourceServer;
  value: string;
  close: () => void;
  remove: () => void;
}

/** Before a scope is removed: how many grants hold it, and what becomes of them. */
export function RemoveScope({ server, value, close, remove }: Props) {
  const grants = useQuery(allGrantsOfApiQuery(server.identifier));
  return (
    <Modal opened onClose={close} title="Remove scope">
      <p>
        <bdi className="mono">{value}</bdi> is gone from the API when you save.
      </p>
      {grants.isPending && <Loading rows={1} />}
      {grants.isError && (
        <Failure
          what="How many grants hold it is not known"
          problem={grants.error}
          retry={() => void grants.refetch()}
        />
      )}
      {grants.isSuccess && (
        <Holders server={server} grants={grants.data.grants} isWhole={grants.data.isWhole} value={value} />
      )}
      <div className={classes.choice}>
        <Button variant="default" onClick={close}>
          Cancel
        </Button>
        <Button
          color="red"
          onClick={() => {
            remove();
            close();
          }}
        >
          Remove scope
        </Button>
      </div>
    </Modal>
  );
}

interface HoldersProps {
  server: ResourceServer;
  grants: ClientGrant[];
  /** Whether these are all grants for the API. */
  isWhole: boolean;
  value: string;
}

function Holders({ server, grants, isWhole, value }: HoldersProps) {
  const listing = grants.filter((grant) => grant.scope?.includes(value) === true).length;
  const ofAll = grants.filter((grant) => grant.allow_all_scopes === true).length;
  return (
    <>
      {!isWhole && <p>Of the first {count(grants.length)} grants:</p>}
      {listing === 0 && ofAll === 0 && <p>No grant holds it.</p>}
      {listing > 0 && (
        <p>
          <strong>{counted(listing, 'grant lists', 'grants list')}</strong> it, and keeps it: removing it here
          takes it from nobody. Their tokens have it until each grant is changed under{' '}
          <Link
            to="/apis/$apiId/{-$tab}"
            params={{ apiId: server.id, tab: 'applications' }}
            search={{ authorized: true }}
          >
            Machine to Machine Applications
          </Link>
          .
        </p>
      )}
      {ofAll > 0 && (
        <p>
          <strong>{counted(ofAll, 'grant holds', 'grants hold')}</strong> all scopes of the API, and{' '}
          {ofAll === 1 ? 'loses' : 'lose'} this one at once.
        </p>
      )}
    </>
  );
}
