export function EventTable({ filter }: { filter: { client?: string } }) {
  return <p>{filter.client}</p>;
}
