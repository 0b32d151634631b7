package dev.jeton.audit;

import dev.jeton.oauth.ClientId;

/** Who did something: a client by its token, or a person who is signed in to the dashboard. */
public sealed interface Actor {
    /** {@code client_id} or {@code user_id} of the log. */
    String id();

    String name();

    record OfClient(ClientId client, String name) implements Actor {
        @Override
        public String id() {
            return client.value();
        }
    }

    record OfAdministrator(String id, String name) implements Actor {}
}
