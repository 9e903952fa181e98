package samples.flags;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import samples.Sample;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FlagsTest {

    @TempDir
    private Path out;

    // ---- the server inside

    @Test
    void downloadsTheTwentyFlagsInThreeWays() throws IOException {
        var sample = flags("--delay", "1");

        assertEquals(0, sample.exitCode(), sample.toString());
        assertEquals("", sample.err());
        for (var way : List.of("sequential", "threads", "asyncio")) {
            for (var country : Countries.MOST_POPULOUS) {
                assertArrayEquals(webjar(country), Files.readAllBytes(saved(way, country)), way + " " + country);
            }
            assertEquals(20, filesOf(way).size());
        }
        var bytes = 0;
        for (var country : Countries.MOST_POPULOUS) {
            bytes += webjar(country).length;
        }
        var number = String.format("%,d", bytes);
        var rows = sample.out().lines().filter(line -> line.contains(number)).toList();
        assertEquals(3, rows.size(), sample.out());
        assertTrue(rows.get(0).matches("one after another +20 .* s +1\\.0"), rows.get(0));
        assertTrue(rows.get(1).matches("pool of 20 threads +20 .* s +[0-9.]+"), rows.get(1));
        assertTrue(rows.get(2).matches("20 asyncio tasks +20 .* s +[0-9.]+"), rows.get(2));
        assertTrue(sample.out().contains("Saved below " + out), sample.out());
        assertFalse(sample.out().contains("failed"), sample.out());
    }

    @Test
    void replacesWhatIsThere() throws IOException {
        Files.createDirectories(out.resolve("asyncio"));
        Files.writeString(saved("asyncio", "kr"), "old");

        assertEquals(
                0, flags("--way", "asyncio", "--delay", "0", "--cc", "KR,kr,Jp").exitCode());

        assertArrayEquals(webjar("kr"), Files.readAllBytes(saved("asyncio", "kr")));
        assertEquals(List.of("jp.svg", "kr.svg"), filesOf("asyncio"));
    }

    @Test
    void reportsEachFailureAndCountsThemByKind() throws IOException {
        var sample = flags("--delay", "0", "--cc", "kr,zz,jp,us,fr", "--fail", "jp=CUT,us=ERROR,fr=DROPPED");

        assertEquals(1, sample.exitCode());
        assertEquals(3, count(sample, "    zz: missing (the server answered 404)"));
        assertEquals(3, count(sample, "    jp: cut off (the server closed the connection too early)"));
        assertEquals(3, count(sample, "    us: unexpected status (the server answered 500)"));
        assertEquals(3, count(sample, "    fr: cut off (the server closed the connection too early)"));
        assertEquals(1, count(sample, "12 of 15 failed: 3 missing, 3 unexpected status, 6 cut off"));
        for (var way : List.of("sequential", "threads", "asyncio")) {
            assertEquals(List.of("kr.svg"), filesOf(way));
        }
    }

    // ---- other servers

    @ParameterizedTest
    @ValueSource(strings = {"sequential", "threads", "asyncio"})
    void asksBelowTheBaseUrl(String way) throws IOException {
        try (var server = new RawServer((path, answer) -> RawServer.ok(answer, path))) {
            var sample = flags("--way", way, "--cc", "kr,jp", "--base-url", server.url() + "/some/flags");
            assertEquals(0, sample.exitCode(), sample.toString());
            assertEquals("/some/flags/kr.svg", Files.readString(saved(way, "kr")));

            flags("--way", way, "--cc", "jp", "--base-url", server.url() + "/");
            assertEquals("/jp.svg", Files.readString(saved(way, "jp")));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"sequential", "threads", "asyncio"})
    void aRefusedConnectionFails(String way) throws IOException {
        int port;
        try (var unused = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = unused.getLocalPort();
        }
        assertFailure(way, "http://127.0.0.1:" + port, "connection refused");
    }

    @ParameterizedTest
    @ValueSource(strings = {"sequential", "threads", "asyncio"})
    void anUnknownHostFails(String way) {
        assertFailure(way, "http://host.invalid", "unknown host");
    }

    @ParameterizedTest
    @ValueSource(strings = {"sequential", "threads", "asyncio"})
    void aConnectionClosedWithoutAnAnswerFails(String way) throws IOException {
        try (var server = new RawServer((path, answer) -> {})) {
            assertFailure(way, server.url(), "cut off (the server closed the connection too early)");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"sequential", "threads", "asyncio"})
    void aBodyShorterThanItsLengthFails(String way) throws IOException {
        try (var server = new RawServer(
                (path, answer) -> RawServer.send(answer, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n<svg>"))) {
            assertFailure(way, server.url(), "cut off (the server closed the connection too early)");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"sequential", "threads", "asyncio"})
    void aChunkedBodyWithoutItsEndFails(String way) throws IOException {
        try (var server = new RawServer((path, answer) ->
                RawServer.send(answer, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n<svg>\r\n"))) {
            assertFailure(way, server.url(), "cut off (the server closed the connection too early)");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"sequential", "threads", "asyncio"})
    void aRedirectIsNoFlag(String way) throws IOException {
        try (var server = new RawServer((path, answer) -> RawServer.send(
                answer, "HTTP/1.1 302 Found\r\nLocation: /\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"))) {
            assertFailure(way, server.url(), "unexpected status (the server answered 302)");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"sequential", "threads", "asyncio"})
    void whatIsNoHttpFails(String way) throws IOException {
        try (var server =
                new RawServer((path, answer) -> RawServer.send(answer, "220 mail.example.com SMTP ready\r\n\r\n"))) {
            var sample = flags("--way", way, "--cc", "kr", "--base-url", server.url());
            assertEquals(1, sample.exitCode());
            assertEquals(
                    1,
                    sample.out()
                            .lines()
                            .filter(line -> line.startsWith("    kr: other ("))
                            .count(),
                    sample.out());
            assertEquals(1, count(sample, "1 of 1 failed: 1 other"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n<svg>"})
    void aServerThatNeverEndsItsAnswerFails(String beginning) throws Exception {
        var never = new CountDownLatch(1);
        // All ways at once, since each takes a second.
        var threads = Executors.newCachedThreadPool();
        try (var server = new RawServer((path, answer) -> {
            RawServer.send(answer, beginning);
            never.await();
        })) {
            var failures = Stream.of("sequential", "threads", "asyncio")
                    .map(way -> threads.submit(() -> assertFailure(way, server.url(), "too slow", "--timeout", "1")))
                    .toList();
            for (var failure : failures) {
                failure.get();
            }
        } finally {
            never.countDown();
            threads.shutdown();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"sequential", "threads", "asyncio"})
    void oneFailureDoesNotStopTheOthers(String way) throws IOException {
        try (var server = new RawServer((path, answer) -> {
            if (!path.equals("/jp.svg")) {
                RawServer.ok(answer, path);
            }
        })) {
            var sample = flags("--way", way, "--cc", "kr,jp,us", "--base-url", server.url());
            assertEquals(1, sample.exitCode());
            assertEquals(1, count(sample, "1 of 3 failed: 1 cut off"));
            assertEquals(List.of("kr.svg", "us.svg"), filesOf(way));
        }
    }

    // ---- saving

    @ParameterizedTest
    @ValueSource(strings = {"sequential", "threads", "asyncio"})
    void aDirectoryThatCannotBeWrittenFails(String way) throws IOException {
        var file = Files.createFile(out.resolve("file"));

        var sample = Sample.run("flags", "--way", way, "--cc", "kr,jp", "--delay", "0", "--out", file.toString());
        assertEquals(1, sample.exitCode());
        assertEquals(
                1,
                sample.out()
                        .lines()
                        .filter(line -> line.startsWith("    kr: not saved ("))
                        .count(),
                sample.out());
        assertEquals(
                1,
                sample.out()
                        .lines()
                        .filter(line -> line.startsWith("    jp: not saved ("))
                        .count(),
                sample.out());
        assertEquals(1, count(sample, "2 of 2 failed: 2 not saved"));

        Files.createFile(out.resolve(way));
        sample = flags("--way", way, "--cc", "kr", "--delay", "0");
        assertEquals(1, count(sample, "    kr: not saved (" + out.resolve(way) + " is not a directory)"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"sequential", "threads", "asyncio"})
    void aFailureLeavesTheFlagOfAnEarlierRun(String way) throws IOException {
        assertEquals(0, flags("--way", way, "--cc", "kr", "--delay", "0").exitCode());
        assertEquals(
                1,
                flags("--way", way, "--cc", "kr", "--delay", "0", "--fail", "kr=CUT")
                        .exitCode());

        assertEquals(List.of("kr.svg"), filesOf(way));
        assertArrayEquals(webjar("kr"), Files.readAllBytes(saved(way, "kr")));
    }

    @Test
    void aFlagThatCannotReplaceWhatIsThereFails() throws IOException {
        Files.createDirectories(saved("asyncio", "kr").resolve("full"));

        var sample = flags("--way", "asyncio", "--cc", "kr,jp", "--delay", "0");

        assertEquals(1, sample.exitCode());
        assertEquals(1, count(sample, "1 of 2 failed: 1 not saved"));
        assertEquals(List.of("jp.svg", "kr.svg"), filesOf("asyncio"));
    }

    // ---- how many at once

    @Test
    void oneAfterAnotherIsOneAtATime() throws IOException {
        assertEquals(1, mostAtOnce("sequential", 20, 1));
    }

    @ParameterizedTest
    @CsvSource({"threads, 20", "asyncio, 20", "threads, 5", "asyncio, 5", "threads, 1", "asyncio, 1"})
    void theLimitIsReachedButNotPassed(String way, int limit) throws IOException {
        assertEquals(limit, mostAtOnce(way, limit, limit));
    }

    /** Downloads flags from a server that answers only when {@code expected} requests are there. */
    private int mostAtOnce(String way, int limit, int expected) throws IOException {
        var now = new AtomicInteger();
        var most = new AtomicInteger();
        var all = new CyclicBarrier(expected);
        var oneTooMany = new CountDownLatch(1);
        try (var server = new RawServer((path, answer) -> {
            var here = now.incrementAndGet();
            most.accumulateAndGet(here, Math::max);
            if (here > expected) {
                oneTooMany.countDown();
            }
            all.await();
            if (expected < 20) {
                // Long enough for another request to come, if the limit lets it.
                oneTooMany.await(100, TimeUnit.MILLISECONDS);
            }
            now.decrementAndGet();
            RawServer.ok(answer, path);
        })) {
            var countries = Countries.MOST_POPULOUS.subList(0, expected == 1 ? 4 : 20);
            var sample = flags(
                    "--way",
                    way,
                    "--limit",
                    String.valueOf(limit),
                    "--cc",
                    String.join(",", countries),
                    "--base-url",
                    server.url());
            assertEquals(0, sample.exitCode(), sample.toString());
        }
        return most.get();
    }

    // ---- interruption

    @ParameterizedTest
    @ValueSource(strings = {"sequential", "threads", "asyncio"})
    void anInterruptionEndsItAndLeavesWholeFiles(String way) throws Exception {
        var held = new CountDownLatch(1);
        var never = new CountDownLatch(1);
        try (var server = new RawServer((path, answer) -> {
            if (path.equals("/jp.svg")) {
                // The other one is saved before this one is interrupted.
                while (!Files.exists(saved(way, "kr"))) {
                    Thread.onSpinWait();
                }
                RawServer.send(answer, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n<svg>");
                held.countDown();
                never.await();
            }
            RawServer.ok(answer, path);
        })) {
            var run = new FutureTask<>(() -> flags("--way", way, "--cc", "kr,jp", "--base-url", server.url()));
            var thread = new Thread(run);
            thread.start();
            held.await();
            thread.interrupt();

            var sample = run.get();
            assertEquals(130, sample.exitCode(), sample.toString());
            assertEquals("interrupted" + System.lineSeparator(), sample.err());
            assertEquals(List.of("kr.svg"), filesOf(way));
            assertEquals("/kr.svg", Files.readString(saved(way, "kr")));
        } finally {
            never.countDown();
        }
    }

    // ---- the command line

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --cc kor                              | Invalid value for option '--cc': 'kor' is not a two-letter code
            --cc kr,,jp                           | Invalid value for option '--cc': '' is not a two-letter code
            --cc ../                              | Invalid value for option '--cc': '../' is not a two-letter code
            --limit 0                             | Invalid value for option '--limit': it must be at least 1, but was 0
            --limit many                          | Invalid value for option '--limit': 'many' is not an int
            --delay -1                            | Invalid value for option '--delay': it must not be negative, but was -1
            --timeout 0                           | Invalid value for option '--timeout': it must be at least 1, but was 0
            --way foo                             | Invalid value for option '--way': 'foo' is none of all, sequential,
            --base-url foo                        | Invalid value for option '--base-url': 'foo' is not like http
            --base-url ftp://localhost            | Invalid value for option '--base-url': 'ftp://localhost' is not like
            --base-url http://                    | Invalid value for option '--base-url': 'http://' is not a URL
            --base-url http://localhost:99999     | Invalid value for option '--base-url': 'http://localhost:99999' is
            --base-url http://localhost?a=b       | Invalid value for option '--base-url': 'http://localhost?a=b' is not
            --base-url http://localhost --delay 5 | --delay is for the server inside this program
            --out                                 | Missing required parameter for option '--out'
            --bogus                               | Unknown option: '--bogus'
            kr                                    | Unmatched argument at index 1: 'kr'
            """)
    void aMistakeIsExplainedInOneLine(String arguments, String problem) {
        var sample = Sample.run(("flags " + arguments).split(" "));

        assertEquals(2, sample.exitCode());
        assertEquals("", sample.out());
        assertTrue(sample.err().startsWith("samples/run flags: " + problem), sample.err());
        assertEquals(1, sample.err().lines().count(), sample.err());
    }

    @Test
    void helpTellsAllOptions() {
        var sample = Sample.run("flags", "--help");

        assertEquals(0, sample.exitCode());
        for (var option :
                List.of("--cc", "--limit", "--way", "--base-url", "--delay", "--timeout", "--out", "--help")) {
            assertTrue(sample.out().contains(option), sample.out());
        }
    }

    // ----

    private Sample flags(String... options) {
        var arguments = new ArrayList<>(List.of("flags", "--out", out.toString()));
        arguments.addAll(Arrays.asList(options));
        return Sample.run(arguments.toArray(String[]::new));
    }

    /** One flag by one way from this server: it fails, is reported so, and leaves nothing behind. */
    private void assertFailure(String way, String url, String report, String... options) {
        var arguments = new ArrayList<>(List.of("--way", way, "--cc", "kr", "--base-url", url));
        arguments.addAll(Arrays.asList(options));
        var sample = flags(arguments.toArray(String[]::new));

        assertEquals(1, sample.exitCode(), sample.toString());
        assertEquals(1, count(sample, "    kr: " + report), sample.out());
        assertEquals(1, count(sample, "1 of 1 failed: 1 " + report.replaceAll(" \\(.*", "")), sample.out());
        assertEquals("", sample.err());
        assertFalse(Files.exists(out.resolve(way)));
    }

    private static long count(Sample sample, String line) {
        return sample.out().lines().filter(line::equals).count();
    }

    private Path saved(String way, String country) {
        return out.resolve(way).resolve(country + ".svg");
    }

    private List<String> filesOf(String way) throws IOException {
        try (var files = Files.list(out.resolve(way))) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private static byte[] webjar(String country) throws IOException {
        var loader = FlagsTest.class.getClassLoader();
        var properties = new Properties();
        try (var in = loader.getResourceAsStream("META-INF/maven/org.webjars.npm/flag-icons/pom.properties")) {
            properties.load(in);
        }
        var folder = "META-INF/resources/webjars/flag-icons/" + properties.getProperty("version") + "/flags/4x3/";
        try (var in = loader.getResourceAsStream(folder + country + ".svg")) {
            return in.readAllBytes();
        }
    }
}
