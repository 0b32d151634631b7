package dev.jeton.action;

import dev.jeton.extension.UnfitException;
import java.util.Set;

/** The trigger at which an Action runs. The version is kept and given back; what runs is the same with each. */
record SupportedTrigger(String id, String version) {
    /** The one trigger that there is: before a token of the client credentials grant is issued. */
    static final String CREDENTIALS_EXCHANGE = "credentials-exchange";

    static final String CURRENT_VERSION = "v2";
    private static final Set<String> VERSIONS = Set.of("v1", CURRENT_VERSION);

    /** @throws UnfitException if there is no such trigger, or not in that version */
    SupportedTrigger {
        if (!id.equals(CREDENTIALS_EXCHANGE)) {
            throw new UnfitException(
                    "supported_triggers[0].id",
                    "No enum match for: " + id + "; there are Actions for " + CREDENTIALS_EXCHANGE + " only");
        }
        if (!VERSIONS.contains(version)) {
            throw new UnfitException(
                    "supported_triggers[0].version", "No enum match for: " + version + "; there are v1 and v2");
        }
    }
}
