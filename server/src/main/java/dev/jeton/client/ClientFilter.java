package dev.jeton.client;

import dev.jeton.http.Form;
import dev.jeton.management.Operation;
import dev.jeton.management.Page;
import dev.jeton.management.Schema;
import dev.jeton.management.Search;
import dev.jeton.oauth.ClientId;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Which clients a list is asked for.
 *
 * @param isGlobal whether the global client is asked for, which is in no other list
 * @param isNothing whether no client can fit
 * @param isFirstParty if empty, either
 * @param appTypes if empty, any
 * @param search if empty, whatever they are called
 */
record ClientFilter(
        boolean isGlobal,
        boolean isNothing,
        Optional<Boolean> isFirstParty,
        Set<String> appTypes,
        Optional<Search> search) {
    static final ClientFilter ALL = new ClientFilter(false, false, Optional.empty(), Set.of(), Optional.empty());

    static final List<Operation.Parameter> PARAMETERS = List.of(
            new Operation.Parameter("is_global", Schema.flag(), "Whether the global client is listed, or all others."),
            new Operation.Parameter("is_first_party", Schema.flag(), "Whether they are first party."),
            new Operation.Parameter("app_type", Schema.text(), "Types, separated by commas."),
            new Operation.Parameter("external_client_id", Schema.text(), "No client has one."),
            Search.parameter("the client id"),
            new Operation.Parameter("q", Schema.text(), "By organizations, which no client has."));

    /** What a query may look for: both forms ask for what organizations a client's grants are for, and there are none. */
    private static final Pattern QUERY =
            Pattern.compile("client_grant\\.(organization_id:.+|allow_any_organization:true)");

    ClientFilter {
        appTypes = Set.copyOf(appTypes);
    }

    static ClientFilter of(Form query) {
        Optional<Boolean> isGlobal = Page.flag(query, "is_global");
        Optional<Boolean> isFirstParty = Page.flag(query, "is_first_party");
        Set<String> appTypes = query.first("app_type")
                .map(text ->
                        Arrays.stream(text.split(",", -1)).map(String::strip).collect(Collectors.toSet()))
                .orElse(Set.of());
        boolean isExternal = query.first("external_client_id").isPresent();
        Optional<Search> search = Search.of(query);
        Optional<String> q = query.first("q");
        q.ifPresent(text -> {
            if (isGlobal.isPresent()
                    || isFirstParty.isPresent()
                    || !appTypes.isEmpty()
                    || isExternal
                    || search.isPresent()) {
                throw Page.invalid("It cannot be combined with other filters", "q");
            }
            if (query.first("take").isEmpty() && query.first("from").isEmpty()) {
                throw Page.invalid("It needs paging by checkpoint, with take", "q");
            }
            if (!QUERY.matcher(text).matches()) {
                throw Page.invalid(
                        "It is client_grant.organization_id:<id> or client_grant.allow_any_organization:true", "q");
            }
        });
        return new ClientFilter(isGlobal.orElse(false), isExternal || q.isPresent(), isFirstParty, appTypes, search);
    }

    /** Whether the global client fits: it is first party and of no type. */
    boolean fitsGlobal(String name, ClientId id) {
        return isGlobal && !isNothing && isFirstParty.orElse(true) && appTypes.isEmpty() && finds(name, id);
    }

    /** Whether a client fits that is not the global one. */
    boolean fits(Client client) {
        return finds(client.name(), client.id())
                && (appTypes.isEmpty() || (client.appType() != null && appTypes.contains(client.appType())))
                && (isFirstParty.isEmpty() || isFirstParty.get() == client.isFirstParty());
    }

    private boolean finds(String name, ClientId id) {
        return search.map(text -> text.isPartOf(name) || text.begins(id.value()))
                .orElse(true);
    }
}
