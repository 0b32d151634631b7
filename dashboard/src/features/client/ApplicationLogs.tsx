import { EventTable } from '../audit/EventTable';
import type { Client } from './clients';

export function ApplicationLogs({ client }: { client: Client }) {
  return <EventTable filter={{ client: client.client_id ?? '' }} />;
}
