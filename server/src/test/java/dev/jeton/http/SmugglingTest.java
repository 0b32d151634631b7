package dev.jeton.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.RawHttp;
import dev.jeton.TestServer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Requests whose end two readers may see in different places, each with another one behind it: if a proxy in front takes
 * both for one, the second must not be answered.
 */
class SmugglingTest {
    private static final String SECOND = "GET /pem HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /** The statuses of all answers until the server ends the connection. */
    private static List<Integer> answers(String requests) throws IOException {
        List<Integer> statuses = new ArrayList<>();
        try (RawHttp connection = new RawHttp(server.port())) {
            connection.send(requests);
            while (true) {
                statuses.add(connection.read("GET").status());
            }
        } catch (IOException end) {
            assertThat(end).hasMessageMatching("the connection ended after ''|Connection reset.*|Broken pipe.*");
            return statuses;
        }
    }

    private static String unescaped(String text) {
        return text.translateEscapes();
    }

    private static List<Integer> answersToPost(String fields, String body) throws IOException {
        return answers("POST /oauth/token HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n" + unescaped(fields)
                + "\r\n\r\n" + unescaped(body) + SECOND);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 2\\r\\nTransfer-Encoding: chunked",
                "Transfer-Encoding: chunked\\r\\nContent-Length: 2",
                "Content-Length: 2\\r\\nContent-Length: 3",
                "Content-Length: 2\\r\\nContent-Length: 2",
                "Content-Length: 2, 3",
                "Content-Length: +2",
                "Content-Length: -2",
                "Content-Length: 2 2",
                "Content-Length: 0x2",
                "Content-Length:",
                "Content-Length: 18446744073709551618",
                "Content-Length: \u0662",
                "Content-Length : 2",
                "X-A: b\\0c\\r\\nContent-Length: 2",
                "X\\0A: b\\r\\nContent-Length: 2",
                "X-A: b\\rTransfer-Encoding: chunked\\r\\nContent-Length: 2",
                "X-A: b\\nTransfer-Encoding: chunked\\r\\nContent-Length: 2",
                "X-A\\r\\nContent-Length: 2",
                "Host: y\\r\\nContent-Length: 2"
            })
    void fields_that_leave_a_doubt_are_answered_400_and_nothing_after_them(String fields) throws IOException {
        assertThat(answersToPost(fields, "{}")).containsExactly(400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Transfer-Encoding: xchunked",
                "Transfer-Encoding: chunked, identity",
                "Transfer-Encoding: identity",
                "Transfer-Encoding: chunked\\r\\nTransfer-Encoding: identity",
                "Transfer-Encoding: \u000bchunked",
                "Transfer-Encoding: chunked;x=y",
                "Transfer-Encoding: \\\"chunked\\\"",
                "Transfer-Encoding\\t: chunked"
            })
    void a_transfer_encoding_that_is_not_chunked_at_its_end_is_answered_400_and_nothing_after_it(String fields)
            throws IOException {
        assertThat(answersToPost(fields, "2\\r\\n{}\\r\\n0\\r\\n\\r\\n")).containsExactly(400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"Transfer-Encoding: Chunked", "Transfer-Encoding:\\tchunked", "Transfer-Encoding: gzip, chunked"
            })
    void other_ways_to_say_chunked_are_read_so(String fields) throws IOException {
        assertThat(answersToPost(fields, "2\\r\\n{}\\r\\n0\\r\\n\\r\\n")).containsExactly(401, 200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "z\\r\\n{}\\r\\n0\\r\\n\\r\\n",
                "-2\\r\\n{}\\r\\n0\\r\\n\\r\\n",
                "+2\\r\\n{}\\r\\n0\\r\\n\\r\\n",
                "0x2\\r\\n{}\\r\\n0\\r\\n\\r\\n",
                "2 \\r\\n{}\\r\\n0\\r\\n\\r\\n",
                "100000002\\r\\n{}\\r\\n0\\r\\n\\r\\n",
                "2\\n{}\\n0\\n\\n",
                "2;a\\nxx\\r\\n{}\\r\\n0\\r\\n\\r\\n",
                "2\\r\\n{}xx0\\r\\n\\r\\n"
            })
    void chunks_that_leave_a_doubt_end_the_connection(String body) throws IOException {
        assertThat(answersToPost("Transfer-Encoding: chunked", body)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"2;a=b\\r\\n{}\\r\\n0\\r\\n\\r\\n", "2\\r\\n{}\\r\\n0\\r\\nContent-Length: 5\\r\\n\\r\\n"})
    void extensions_and_trailers_of_chunks_mean_nothing(String body) throws IOException {
        assertThat(answersToPost("Transfer-Encoding: chunked", body)).containsExactly(401, 200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "POST /oauth/token HTTP/1.0\\r\\nHost: x\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n0\\r\\n\\r\\n",
                "GET /pem\\r\\n\\r\\n",
                "GET /p em HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n",
                "G@T /pem HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n",
                "GET /pem HTTP/1.1\\n\\n",
                "GET /pem HTTP/1.1\\r\\n\\r\\n",
                "GET /pem HTTP/1.1\\r\\nHost: x\\r\\nHost: x\\r\\n\\r\\n",
                "\\26\\3\\1\\2\\0\\1\\0\\1\\r\\n\\r\\n"
            })
    void a_head_that_is_none_is_answered_400_and_nothing_after_it(String head) throws IOException {
        assertThat(answers(unescaped(head) + SECOND)).containsExactly(400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /pem HTTP/2.0\\r\\nHost: x\\r\\n\\r\\n",
                "GET /pem HTTP/1.9\\r\\nHost: x\\r\\n\\r\\n",
                "PRI * HTTP/2.0\\r\\n\\r\\nSM\\r\\n\\r\\n"
            })
    void another_version_is_answered_501_and_nothing_after_it(String head) throws IOException {
        try (RawHttp connection = new RawHttp(server.port())) {
            connection.send(unescaped(head) + SECOND);

            assertThat(connection.readToEnd())
                    .contains(" 501 Not Implemented\r\n")
                    .doesNotContain("BEGIN CERTIFICATE");
        }
    }
}
