import { useQuery } from '@tanstack/react-query';
import { api, data } from '../../api/client';
import { Failure } from '../../ui/Failure';
import { counted, Time } from '../../ui/figures';
import { Loading } from '../../ui/Loading';

/** What a destructive act would break. */
interface ImpactFigures {
  tokens_day: number;
  newest_at: string | null;
  addresses_day: number | null;
}

interface Props {
  of: 'clients' | 'resource-servers' | 'signing-keys';
  id: string;
  /** What happens to whoever used it: "They will be refused." */
  consequence: string;
}

/** What breaks, in numbers: tokens of the last day, the newest, from how many addresses. */
export function Impact({ of, id, consequence }: Props) {
  const impact = useQuery({
    queryKey: ['usage', 'impact', of, id],
    queryFn: async ({ signal }): Promise<ImpactFigures> => {
      switch (of) {
        case 'clients':
          return (await data(
            api.GET('/usage/clients/{id}/impact', { params: { path: { id } }, signal }),
          )) as ImpactFigures;
        case 'resource-servers':
          return (await data(
            api.GET('/usage/resource-servers/{id}/impact', { params: { path: { id } }, signal }),
          )) as ImpactFigures;
        case 'signing-keys':
          return (await data(
            api.GET('/usage/signing-keys/{kid}/impact', { params: { path: { kid: id } }, signal }),
          )) as ImpactFigures;
      }
    },
    staleTime: 0,
  });
  if (impact.isPending) {
    return <Loading rows={1} />;
  }
  if (impact.isError) {
    return (
      <Failure
        what="What this breaks is not known"
        problem={impact.error}
        retry={() => void impact.refetch()}
      />
    );
  }
  const { tokens_day, newest_at, addresses_day } = impact.data;
  return (
    <p>
      {tokens_day === 0 && newest_at === null ? (
        'No token was issued in the last day. '
      ) : (
        <>
          Issued <strong>{counted(tokens_day, 'token')}</strong> in the last day, newest{' '}
          <Time at={newest_at} />
          {addresses_day === null ? '' : `, from ${counted(addresses_day, 'address', 'addresses')}`}.{' '}
        </>
      )}
      {consequence}
    </p>
  );
}
