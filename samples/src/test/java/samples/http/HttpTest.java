package samples.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import samples.LocalServer;
import samples.Sample;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HttpTest {

    @Test
    void asksItsOwnServerUnlessToldOtherwise() {
        var sample = Sample.run("http");

        assertEquals(1, sample.exitCode());
        assertEquals("", sample.err());
        assertLine(sample, " +200 +18 +\\d\\.\\d\\d s  http://127.0.0.1:\\d+/inn");
        assertLine(sample, " +200 +1,048,576 .*/market");
        assertLine(sample, " +200 +18 .*/old-inn");
        assertLine(sample, " +404 +21 .*/gone");
        assertLine(sample, "7 URLs in .* s, 1 failed");
    }

    @Test
    void fetchesNoMoreAtOnceThanItMay() {
        var now = new AtomicInteger();
        var most = new AtomicInteger();
        try (var server = LocalServer.start(request -> {
            most.accumulateAndGet(now.incrementAndGet(), Math::max);
            request.response().endHandler(ended -> now.decrementAndGet());
            request.response().end("x");
        })) {
            var arguments = new ArrayList<>(Collections.nCopies(30, server.url("/")));
            arguments.addAll(0, List.of("http", "--limit", "3"));

            var sample = Sample.run(arguments.toArray(String[]::new));

            assertEquals(0, sample.exitCode(), sample.toString());
            assertTrue(most.get() <= 3, most.toString());
            assertLine(sample, "30 URLs in .* s");
        }
    }

    @Test
    void tellsWhatWentWrongAndGoesOn() throws IOException {
        int port;
        try (var unused = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = unused.getLocalPort();
        }
        try (var server = LocalServer.start(request -> {
            if (request.path().equals("/never")) {
                return;
            }
            request.response().end("fine");
        })) {
            var sample = Sample.run(
                    "http", "--timeout=1", "http://127.0.0.1:" + port + "/", server.url("/never"), server.url("/"));

            assertEquals(1, sample.exitCode());
            assertLine(sample, " +- +0 .*http://127.0.0.1:" + port + "/");
            assertLine(sample, " {8}.*" + port + ".*");
            assertLine(sample, " +- +0 .*/never");
            assertLine(sample, " +200 +4 .*");
            assertLine(sample, "3 URLs in .* s, 2 failed");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "example.com, 'example.com' is not like https://example.com/path",
        "ftp://example.com/, 'ftp://example.com/' is not like https://example.com/path",
        "http://, 'http://' is not like https://example.com/path",
        "--limit=0, '--limit must be at least 1, but was 0'",
        "--timeout=-1, '--timeout must be at least 1, but was -1'",
    })
    void explainsAMistakeInOneLine(String argument, String problem) {
        var sample = Sample.run("http", argument);

        assertEquals(2, sample.exitCode());
        assertEquals("", sample.out());
        assertTrue(sample.err().contains(problem), sample.err());
        assertEquals(1, sample.err().lines().count());
    }

    private static void assertLine(Sample sample, String pattern) {
        assertTrue(sample.out().lines().anyMatch(line -> line.matches(pattern)), pattern + "\n" + sample);
    }
}
