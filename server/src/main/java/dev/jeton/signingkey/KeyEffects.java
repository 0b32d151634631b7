package dev.jeton.signingkey;

import dev.jeton.management.Effect;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What became of signing keys, for the record of a change that makes them come and go. */
public final class KeyEffects {
    private KeyEffects() {}

    /** Of those that are new, or in another state than before. */
    public static Effect between(List<SigningKey> before, List<SigningKey> after) {
        Map<String, SigningKey> old = before.stream().collect(Collectors.toMap(SigningKey::kid, Function.identity()));
        List<SigningKey> changed = after.stream()
                .filter(key -> key.state() != state(old.get(key.kid())))
                .toList();
        return Effect.on("signing_keys_changed", changed, (json, key) -> {
            json.put("kid", key.kid());
            json.put("alg", key.type().algorithm());
            SigningKey.State was = state(old.get(key.kid()));
            if (was != null) {
                json.put("before", text(was));
            }
            json.put("after", text(key.state()));
        });
    }

    private static SigningKey.@Nullable State state(@Nullable SigningKey key) {
        return key == null ? null : key.state();
    }

    private static String text(SigningKey.State state) {
        return state.name().toLowerCase(Locale.ROOT);
    }
}
