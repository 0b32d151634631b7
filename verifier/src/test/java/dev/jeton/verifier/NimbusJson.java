package dev.jeton.verifier;

import com.nimbusds.jose.util.JSONObjectUtils;
import java.text.ParseException;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** A second opinion on JSON, of a parser that is laxer than ours: whatever ours reads, it has to read too. */
final class NimbusJson {
    /** It computes modulo 2^64 and takes 922337203685477580808, for one, for a number with a leading zero. */
    private static final Pattern NUMBER_IT_MISREADS = Pattern.compile("[0-9]{20}");

    private NimbusJson() {}

    /** The object, or nothing if it holds a number about which this parser is no judge. */
    static Optional<Map<String, Object>> read(String text) throws ParseException {
        return NUMBER_IT_MISREADS.matcher(text).find() ? Optional.empty() : Optional.of(JSONObjectUtils.parse(text));
    }
}
