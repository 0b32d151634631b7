package dev.jeton.dashboard;

import static java.util.stream.Collectors.toCollection;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.TestServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The documentation as it is served; every link of it leads somewhere: on the site, in the repository, from the dashboard. */
class DocsEndpointTest {
    private static final Path REPOSITORY = Path.of("..");
    private static final Path DOCS = REPOSITORY.resolve("docs");
    private static final URI CONTENTS = URI.create("/docs/");
    private static final int MOST_PAGES = 500;

    private static final Pattern HREF = Pattern.compile("href=\"([^\"]*)\"");
    private static final Pattern ID = Pattern.compile(" id=\"([^\"]*)\"");
    private static final Pattern MARKDOWN_LINK = Pattern.compile("]\\(([^)\\s]+)\\)");
    private static final Pattern FENCED = Pattern.compile("(?ms)^```.*?^```$");
    private static final Pattern HEADING = Pattern.compile("(?m)^#+ +(.*\\S)");
    private static final Pattern CODE = Pattern.compile("(?ms)^```.*?^```|`[^`\n]*`");
    private static final Pattern FROM_THE_DASHBOARD =
            Pattern.compile("docs=\"([^\"]+)\"|[\"'`]/docs/([a-z/#-]*)[\"'`]");

    /** What is at each address that the pages link to, from the contents on. */
    private static final Map<String, HttpResponse<String>> SITE = new HashMap<>();

    /** Which page has a link to what. */
    private record Link(String from, URI to) {}

    private static final List<Link> LINKS = new ArrayList<>();

    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.start();
        followAllLinks();
    }

    private static void followAllLinks() {
        Deque<String> ahead = new ArrayDeque<>(List.of(CONTENTS.getPath()));
        while (!ahead.isEmpty() && SITE.size() < MOST_PAGES) {
            String path = ahead.remove();
            if (SITE.containsKey(path)) {
                continue;
            }
            HttpResponse<String> page = server.get(path.substring(1));
            SITE.put(path, page);
            if (path.startsWith("/docs/") && isPage(page)) {
                HREF.matcher(page.body())
                        .results()
                        .map(href -> URI.create(path).resolve(href.group(1)))
                        .filter(link -> link.getHost() == null)
                        .forEach(link -> {
                            LINKS.add(new Link(path, link));
                            ahead.add(link.getPath());
                        });
            }
        }
    }

    @AfterAll
    static void stop() {
        server.close();
        SITE.clear();
        LINKS.clear();
    }

    @ParameterizedTest
    @CsvSource({
        "docs, Documentation",
        "docs/, Documentation",
        "docs/tokens, Tokens",
        "docs/adr/, Decisions",
        "docs/adr/0005-master-key, 5. A master key"
    })
    void a_file_of_the_repository_is_a_page(String path, String heading) {
        HttpResponse<String> page = server.get(path);

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("Content-Type")).contains("text/html; charset=utf-8");
        assertThat(page.headers().firstValue("Cache-Control")).contains("public, no-cache");
        assertThat(page.body()).containsPattern("<h1 [^>]*><a [^>]*>" + heading);
    }

    @Test
    void a_page_loads_nothing_but_its_style_and_the_icon() {
        HttpResponse<String> page = server.get("docs/tokens");

        assertThat(page.headers().firstValue("Content-Security-Policy"))
                .contains("default-src 'none'; style-src 'self'; img-src 'self'; form-action 'none'; base-uri 'none';"
                        + " frame-ancestors 'none'");
        assertThat(page.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
        assertThat(page.body()).doesNotContain("<script", "<style", "style=\"");
    }

    @Test
    void the_style_is_there_and_has_the_colours_of_the_dashboard() {
        HttpResponse<String> style = server.get("docs/site.css");

        assertThat(style.headers().firstValue("Content-Type")).contains("text/css; charset=utf-8");
        assertThat(style.body())
                .contains("--accent:", "prefers-color-scheme: dark")
                .doesNotContain("mantine");
    }

    @Test
    void a_page_is_sent_as_small_as_the_browser_takes_it() {
        HttpResponse<String> small =
                server.exchange(server.request("docs/tokens").header("Accept-Encoding", "gzip, br"));

        assertThat(small.headers().firstValue("Content-Encoding")).contains("br");
        assertThat(small.headers().firstValue("Vary")).contains("Accept-Encoding");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "docs/none",
                "docs/404",
                "docs/tokens.html",
                "docs/tokens.html.br",
                "docs/adr/none",
                "docs/..%2Fdashboard%2Findex",
                "docs/%2e%2e/dashboard/index",
                "docs/%3Cscript%3E"
            })
    void what_is_no_page_is_answered_with_one_that_leads_to_the_contents(String path) {
        HttpResponse<String> page = server.get(path);

        assertThat(page.statusCode()).isEqualTo(404);
        assertThat(page.headers().firstValue("Content-Type")).contains("text/html; charset=utf-8");
        assertThat(page.headers().firstValue("Content-Security-Policy")).isPresent();
        assertThat(page.body()).contains("There is no such page", "<a href=\"/docs/\">");
    }

    @Test
    void the_pages_are_read_only() {
        assertThat(server.exchange(server.request("docs/tokens").DELETE()).statusCode())
                .isEqualTo(405);
    }

    private static boolean isPage(HttpResponse<String> answer) {
        return answer.headers().firstValue("Content-Type").orElse("").startsWith("text/html");
    }

    /** Whether there is such a page, with such an anchor if one is named. */
    private static boolean leadsSomewhere(URI link) {
        HttpResponse<String> page = SITE.get(link.getPath());
        return page != null
                && page.statusCode() == 200
                && (link.getFragment() == null
                        || ID.matcher(page.body())
                                .results()
                                .anyMatch(id -> id.group(1).equals(link.getFragment())));
    }

    @Test
    void every_link_of_a_page_leads_to_a_page_and_an_anchor_that_exist() {
        assertThat(LINKS).hasSizeGreaterThan(100).allMatch(link -> leadsSomewhere(link.to()));
    }

    @Test
    void every_file_is_a_page_that_the_contents_lead_to() {
        Set<String> pages = files(DOCS, ".md")
                .map(file -> "/docs/"
                        + DOCS.relativize(file)
                                .toString()
                                .replaceAll("(^|/)README\\.md$", "$1")
                                .replaceAll("\\.md$", ""))
                .collect(toSet());

        assertThat(SITE.keySet()).containsAll(pages);
    }

    @Test
    void every_link_in_a_file_names_a_file_of_the_repository_and_a_heading_in_it() {
        List<Path> files = Stream.concat(
                        files(DOCS, ".md"),
                        Stream.of(
                                        "README.md",
                                        "CHANGELOG.md",
                                        "CONTRIBUTING.md",
                                        "SECURITY.md",
                                        "snippets/README.md",
                                        "bench/README.md")
                                .map(REPOSITORY::resolve))
                .toList();

        assertThat(files.stream().flatMap(DocsEndpointTest::deadLinks)).isEmpty();
    }

    private static Stream<String> deadLinks(Path file) {
        return MARKDOWN_LINK
                .matcher(CODE.matcher(read(file)).replaceAll("code"))
                .results()
                .map(link -> URI.create(link.group(1)))
                .filter(link -> link.getScheme() == null ? !isThere(file, link) : link.getHost() == null)
                .map(link -> file + " has a link to " + link);
    }

    private static boolean isThere(Path from, URI link) {
        Path to = link.getPath().isEmpty() ? from : from.resolveSibling(link.getPath());
        return Files.exists(to) && (link.getFragment() == null || anchors(to).anyMatch(link.getFragment()::equals));
    }

    /** The anchors that GitHub gives to the headings of a file. */
    private static Stream<String> anchors(Path file) {
        return HEADING.matcher(FENCED.matcher(read(file)).replaceAll(""))
                .results()
                .map(heading -> heading.group(1)
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\p{L}\\p{N}\\s_-]", "")
                        .replaceAll("\\s", "-"));
    }

    @Test
    void every_link_of_the_dashboard_leads_to_a_page_and_an_anchor_that_exist() {
        Set<String> links = files(REPOSITORY.resolve("dashboard/src"), ".tsx")
                .flatMap(file -> FROM_THE_DASHBOARD.matcher(read(file)).results())
                .map(DocsEndpointTest::linked)
                .collect(toCollection(TreeSet::new));

        assertThat(links)
                .contains("/docs/apis", "/docs/logs", "/docs/administrators")
                .allMatch(link -> leadsSomewhere(URI.create(link)));
    }

    private static String linked(MatchResult link) {
        return "/docs/" + (link.group(1) == null ? link.group(2) : link.group(1));
    }

    private static Stream<Path> files(Path folder, String suffix) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(suffix)).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
