package dev.jeton.action;

import dev.jeton.action.Revision.ShownSecret;
import dev.jeton.extension.Dependency;
import dev.jeton.extension.DependencyTree;
import dev.jeton.extension.NpmDependencies;
import dev.jeton.extension.ScriptSecret;
import dev.jeton.extension.UnfitException;
import dev.jeton.management.Fields;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** What a request says of an Action, each part empty if it says nothing of it. */
final class ActionRequest {
    /** What the command lines of Auth0 send for a secret whose value they do not know. */
    private static final String NOT_SHOWN = "_VALUE_NOT_SHOWN_";

    private static final String NOT_EXACT =
            " is not an exact version: give one like 3.0.6, or latest, not a range, another tag, a URL or a path";
    /** A package, in that version or in the newest. */
    record WantedDependency(String name, Optional<String> version) {}

    /** Packages in exact versions, and what npm made of them. */
    record Packages(List<Dependency> dependencies, Optional<DependencyTree> tree) {
        static final Packages NONE = new Packages(List.of(), Optional.empty());
    }

    /** @param value empty to keep the one that there is */
    private record SentSecret(String name, Optional<ScriptSecret> value) {}

    private final Fields fields;
    private final Optional<String> name;
    private final Optional<SupportedTrigger> trigger;
    private final Optional<String> code;
    private final Optional<String> runtime;
    private final Optional<List<WantedDependency>> dependencies;
    private final Optional<List<SentSecret>> secrets;

    /** Reads the fields that a new Action and a change of one share; they fit {@link ActionSchema}. */
    ActionRequest(Fields fields) {
        this.fields = fields;
        this.name = fields.string("name", 0, Integer.MAX_VALUE);
        this.trigger = fields.objects("supported_triggers", 1).map(this::trigger);
        this.code = fields.string("code", 0, Integer.MAX_VALUE);
        this.runtime = fields.string("runtime", 0, Integer.MAX_VALUE);
        this.dependencies = fields.objects("dependencies", Dependency.MOST).map(this::dependencies);
        this.secrets = fields.objects("secrets", Revision.MOST_SECRETS).map(this::secrets);
        if (!fields.json().path("modules").isEmpty()) {
            throw fields.invalid("There are no modules here; packages of npm are dependencies", "modules");
        }
    }

    private SupportedTrigger trigger(List<Fields> items) {
        Fields item = items.getFirst();
        String id = item.requireString("id", 0, Integer.MAX_VALUE);
        String version = item.string("version", 0, Integer.MAX_VALUE).orElse(SupportedTrigger.CURRENT_VERSION);
        return checked(() -> new SupportedTrigger(id, version));
    }

    private List<WantedDependency> dependencies(List<Fields> items) {
        List<WantedDependency> wanted = new ArrayList<>();
        for (Fields item : items) {
            String field = "dependencies[" + wanted.size() + "].name";
            String packageName = item.requireString("name", 0, Integer.MAX_VALUE);
            checked(() -> {
                Dependency.checkName(packageName, field);
                return packageName;
            });
            requireOnce(wanted.stream().map(WantedDependency::name).toList(), packageName, "dependencies");
            wanted.add(new WantedDependency(packageName, version(item)));
            if (item.string("registry_url", 0, Integer.MAX_VALUE)
                    .filter(url -> !url.isEmpty())
                    .isPresent()) {
                throw item.invalid(
                        "All packages come from the server's registry: leave this out, and start the server with"
                                + " npm_config_registry for another one",
                        "registry_url");
            }
        }
        return List.copyOf(wanted);
    }

    private static Optional<String> version(Fields item) {
        Optional<String> version = item.string("version", 0, Integer.MAX_VALUE)
                .filter(text -> !text.isEmpty() && !text.equals(NpmDependencies.LATEST));
        version.filter(text -> !Dependency.isExact(text)).ifPresent(text -> {
            throw item.invalid(text + NOT_EXACT, "version");
        });
        return version;
    }

    private List<SentSecret> secrets(List<Fields> items) {
        List<SentSecret> sent = new ArrayList<>();
        for (Fields item : items) {
            String secretName = item.requireString("name", 1, ScriptSecret.MAX_NAME);
            Optional<String> value = item.string("value", 0, ScriptSecret.MAX_VALUE);
            requireOnce(sent.stream().map(SentSecret::name).toList(), secretName, "secrets");
            sent.add(new SentSecret(
                    secretName,
                    value.filter(text -> !text.equals(NOT_SHOWN)).map(text -> new ScriptSecret(secretName, text))));
        }
        return List.copyOf(sent);
    }

    private void requireOnce(List<String> before, String another, String field) {
        int index = before.indexOf(another);
        if (index >= 0) {
            throw fields.invalid("Array items are not unique (indexes " + index + " and " + before.size() + ")", field);
        }
    }

    Optional<String> name() {
        return name;
    }

    String requireName() {
        return name.orElseThrow(() -> fields.missing("name"));
    }

    SupportedTrigger requireTrigger() {
        return trigger.orElseThrow(() -> fields.missing("supported_triggers"));
    }

    /** The packages that it asks for. */
    Optional<List<WantedDependency>> dependencies() {
        return dependencies;
    }

    /** Whether it asks for other packages than a revision has: for others, other versions, or the newest. */
    boolean wantsOtherPackagesThan(Revision revision) {
        Map<String, Optional<String>> present = new LinkedHashMap<>();
        revision.dependencies()
                .forEach(dependency -> present.put(dependency.name(), Optional.of(dependency.version())));
        Map<String, Optional<String>> wanted = new LinkedHashMap<>();
        dependencies.stream().flatMap(List::stream).forEach(each -> wanted.put(each.name(), each.version()));
        return dependencies.isPresent() && !wanted.equals(present);
    }

    /**
     * The draft that this makes of another; the same one, if it changes nothing.
     *
     * @param packages those that were installed for it; empty to keep those that there are
     * @param id of the new draft
     */
    OpenRevision changed(OpenRevision before, Optional<Packages> packages, String id, Instant now) {
        Revision present = before.revision();
        List<ShownSecret> shown = new ArrayList<>();
        List<ScriptSecret> values = new ArrayList<>();
        secrets.ifPresent(sent -> sent.forEach(secret -> {
            Optional<ShownSecret> kept =
                    present.secret(secret.name()).filter(_ -> secret.value().isEmpty());
            shown.add(kept.orElseGet(() -> new ShownSecret(secret.name(), now)));
            values.add(secret.value()
                    .or(() -> before.secret(secret.name()))
                    .orElseThrow(() -> fields.invalid(
                            "A secret that is not there yet needs a value", "secrets[" + values.size() + "].value")));
        }));
        Revision revision = checked(() -> new Revision(
                id,
                trigger.orElse(present.trigger()),
                code.orElse(present.code()),
                runtime.orElse(present.runtime()),
                packages.map(Packages::dependencies).orElse(present.dependencies()),
                packages.map(installed -> installed.tree().map(DependencyTree::digest))
                        .orElse(present.dependencyTree()),
                secrets.isPresent() ? shown : present.secrets()));
        boolean setsSecrets = secrets.stream()
                .flatMap(List::stream)
                .anyMatch(secret -> secret.value().isPresent());
        return !setsSecrets && revision.isSameAs(present)
                ? before
                : new OpenRevision(revision, secrets.isPresent() ? values : before.secrets());
    }

    /** Makes what the fields say; what cannot be like that is refused in the validator's words. */
    <T> T checked(Supplier<T> made) {
        try {
            return made.get();
        } catch (UnfitException e) {
            throw fields.invalid(e.detail(), e.field());
        }
    }
}
