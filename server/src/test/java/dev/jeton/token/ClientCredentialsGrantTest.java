package dev.jeton.token;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.oauth.OAuthError.ScopeNotGranted;
import dev.jeton.oauth.OAuthException;
import dev.jeton.oauth.ScopeSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ClientCredentialsGrantTest {
    private static ScopeSet random(Random random, int most) {
        List<String> values = new ArrayList<>();
        for (int count = random.nextInt(most); count > 0; count--) {
            values.add("scope:" + random.nextInt(6));
        }
        return ScopeSet.of(values);
    }

    @Test
    void a_narrowed_scope_is_never_wider_than_its_grant() {
        Random random = new Random(8);
        int narrowed = 0;
        for (int i = 0; i < 5_000; i++) {
            ScopeSet granted = random(random, 8);
            ScopeSet asked = random(random, 4);
            try {
                ScopeSet given = ClientCredentialsGrant.narrow(granted, asked);

                assertThat(granted.values()).containsAll(given.values());
                assertThat(given).isEqualTo(asked);
                narrowed++;
            } catch (OAuthException e) {
                assertThat(e.error())
                        .isInstanceOfSatisfying(
                                ScopeNotGranted.class,
                                refusal -> assertThat(refusal.missing().values())
                                        .isNotEmpty()
                                        .isSubsetOf(asked.values())
                                        .noneMatch(granted::contains));
            }
        }
        assertThat(narrowed).isBetween(500, 4_500);
    }
}
