package asyncio.io;

import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.each;
import static asyncio.Asyncio.run;
import static asyncio.Asyncio.waitFor;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ofMillis;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import asyncio.CancelledError;
import asyncio.Coroutine;
import asyncio.IncompleteReadException;
import asyncio.TimeoutException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A reader that is fed by hand; the values are those of CPython 3.13. */
class StreamReaderTest extends OnNetwork {
    /** Every way to read, as it is asked for something that does not come at once from an empty reader. */
    private static Map<String, Function<StreamReader, Coroutine<?>>> reads() {
        var all = new TreeMap<String, Function<StreamReader, Coroutine<?>>>();
        all.put("read()", StreamReader::read);
        all.put("read(n)", reader -> reader.read(100));
        all.put("readexactly", reader -> reader.readexactly(100));
        all.put("readline", StreamReader::readline);
        all.put("readuntil", StreamReader::readuntil);
        all.put("readuntil one", reader -> reader.readuntil(bytes("--")));
        all.put("readuntil many", reader -> reader.readuntil(List.of(bytes("--"), bytes("+"))));
        all.put("lines", reader -> (Coroutine<?>) reader.lines().anext());
        all.put("text lines", reader -> (Coroutine<?>) reader.lines(UTF_8).anext());
        return all;
    }

    /** Notes when it is paused and resumed. */
    private final class Paused implements ReadTransport {
        @Override
        public boolean isReading() {
            return true;
        }

        @Override
        public void pauseReading() {
            log.add("pause");
        }

        @Override
        public void resumeReading() {
            log.add("resume");
        }

        @Override
        public <T> @Nullable T getExtraInfo(ExtraInfo<T> info) {
            return null;
        }

        @Override
        public @Nullable Object getExtraInfo(String name) {
            return null;
        }

        @Override
        public boolean isClosing() {
            return false;
        }

        @Override
        public void close() {}

        @Override
        public void setProtocol(BaseProtocol<?> protocol) {}

        @Override
        public BaseProtocol<?> getProtocol() {
            throw new UnsupportedOperationException();
        }

        @Override
        public String toString() {
            return "<T>";
        }
    }

    private static StreamReader fed(int limit, String... chunks) {
        var reader = StreamReader.create(limit);
        for (var chunk : chunks) {
            reader.feedData(bytes(chunk));
        }
        return reader;
    }

    private static StreamReader fed(String... chunks) {
        return fed(StreamReader.DEFAULT_LIMIT, chunks);
    }

    private static StreamReader ended(StreamReader reader) {
        reader.feedEof();
        return reader;
    }

    /** Ends {@code reader} and gives what it still had. */
    private static String rest(StreamReader reader) {
        return text(await(ended(reader).read()));
    }

    private static void overrun(long consumed, String message, StreamReader reader, Coroutine<byte[]> read) {
        var error = assertThrows(LimitOverrunException.class, () -> await(read));
        assertEquals(consumed, error.consumed());
        assertEquals(message, error.getMessage());
    }

    private static final String NOT_FOUND = "Separator is not found, and chunk exceed the limit";
    private static final String TOO_LONG = "Separator is found, but chunk is longer than limit";

    // ---- read

    @Test
    void readGivesWhatIsThere() {
        inLoop(() -> {
            var reader = fed("line1\n", "line2");
            assertArrayEquals(new byte[0], await(reader.read(0)));
            assertEquals("line", text(await(reader.read(4))));
            assertEquals("1\nline2", text(await(reader.read(100))));
            var later = createTask(reader.read(30));
            iterations(2);
            assertFalse(later.done());
            reader.feedData(bytes("chunk1"));
            reader.feedData(bytes("chunk2"));
            assertEquals("chunk1chunk2", text(await(later)));
            var end = createTask(reader.read(30));
            iterations(2);
            reader.feedEof();
            assertEquals("", text(await(end)));
            assertEquals("", text(await(reader.read())));
            assertTrue(reader.atEof());
        });
    }

    @Test
    void readAllWaitsForTheEndWhateverTheLimit() {
        inLoop(() -> {
            for (int n : new int[] {-1, -7}) {
                var reader = StreamReader.create(8);
                reader.setTransport(new Paused());
                var all = createTask(reader.read(n));
                iterations(1);
                for (int i = 0; i < 1000; i++) {
                    reader.feedData(bytes("0123456789"));
                    if (i % 100 == 0) iterations(1);
                }
                assertFalse(all.done());
                reader.feedEof();
                assertEquals("0123456789".repeat(1000), text(await(all)));
                assertEquals("", text(await(reader.read(n))));
            }
            assertEquals(List.of(), log);
        });
    }

    @Test
    void theEndDoesNotHideWhatCameBefore() {
        inLoop(() -> {
            var reader = ended(fed("abc"));
            assertFalse(reader.atEof());
            assertEquals("ab", text(await(reader.read(2))));
            assertFalse(reader.atEof());
            assertEquals("c", text(await(reader.read(2))));
            assertTrue(reader.atEof());
            assertFalse(fed().atEof());
        });
    }

    @Test
    void whatIsFedInBelongsToTheReaderAndGoesOutAlone() {
        inLoop(() -> {
            // Bytes of one array that were read must not change with those that are left.
            var reader = fed("abcdef");
            var first = await(reader.read(3));
            first[0] = 'X';
            assertEquals("def", rest(reader));
        });
    }

    // ---- readexactly

    @Test
    void readexactlyWaitsForAllOfIt() {
        inLoop(() -> {
            var reader = fed("ab");
            assertEquals(
                    "readexactly size can not be less than zero",
                    assertThrows(IllegalArgumentException.class, () -> reader.readexactly(-1))
                            .getMessage());
            assertEquals("", text(await(reader.readexactly(0))));
            var read = createTask(reader.readexactly(5));
            for (var chunk : List.of("c", "d")) {
                iterations(2);
                reader.feedData(bytes(chunk));
            }
            iterations(2);
            assertFalse(read.done());
            reader.feedData(bytes("efg"));
            assertEquals("abcde", text(await(read)));
            assertEquals("fg", rest(reader));
        });
    }

    @Test
    void readexactlyTellsWhatWasMissing() {
        inLoop(() -> {
            var reader = fed("ab");
            var read = createTask(reader.readexactly(3));
            iterations(2);
            reader.feedEof();
            var error = assertThrows(IncompleteReadException.class, () -> await(read));
            assertEquals("ab", text(error.partial()));
            assertEquals(3, error.expected());
            assertEquals("2 bytes read on a total of 3 expected bytes", error.getMessage());
            assertTrue(reader.atEof());
            error = assertThrows(IncompleteReadException.class, () -> await(reader.readexactly(3)));
            assertEquals("0 bytes read on a total of 3 expected bytes", error.getMessage());
            assertEquals("", text(await(reader.readexactly(0))));
        });
    }

    @Test
    void readexactlyMayBeLongerThanTheLimit() {
        inLoop(() -> {
            var reader = StreamReader.create(10);
            reader.setTransport(new Paused());
            reader.feedData(pattern(30));
            assertEquals(List.of("pause"), log);
            var read = createTask(reader.readexactly(50_000));
            iterations(2);
            assertEquals(List.of("pause", "resume"), log);
            for (int i = 0; i < 50; i++) {
                reader.feedData(new byte[1000]);
                iterations(1);
            }
            assertEquals(50_000, await(read).length);
            assertEquals(30, rest(reader).length());
        });
    }

    // ---- readline

    @Test
    void readlineGoesAcrossChunks() {
        inLoop(() -> {
            var reader = fed("chunk1 ");
            var line = createTask(reader.readline());
            iterations(2);
            reader.feedData(bytes("chunk2 "));
            reader.feedData(bytes("chunk3 "));
            reader.feedData(bytes("\n chunk4"));
            assertEquals("chunk1 chunk2 chunk3 \n", text(await(line)));
            reader.feedEof();
            assertEquals(" chunk4", text(await(reader.readline())));
            assertEquals("", text(await(reader.readline())));
        });
    }

    @Test
    void aLineOverTheLimitIsDroppedWithItsSeparator() {
        inLoop(() -> {
            var reader = fed(3, "li", "ne1\nline2\n");
            assertEquals(
                    TOO_LONG,
                    assertThrows(LineTooLongException.class, () -> await(reader.readline()))
                            .getMessage());
            assertEquals("line2\n", rest(reader));

            var cut = fed(7, "line1", "ne2", "\n");
            assertThrows(LineTooLongException.class, () -> await(cut.readline()));
            assertEquals("", rest(cut));

            var open = fed(7, "line1ne2");
            assertEquals(
                    NOT_FOUND,
                    assertThrows(LineTooLongException.class, () -> await(open.readline()))
                            .getMessage());
            open.feedData(bytes("tail\nnext\n"));
            assertEquals("tail\n", text(await(open.readline())));
            assertEquals("next\n", rest(open));
        });
    }

    @Test
    void theLimitOfALineCountsWhatIsBeforeTheSeparator() {
        inLoop(() -> {
            var exact = fed(3, "abc\nrest");
            assertEquals("abc\n", text(await(exact.readline())));
            assertEquals("rest", rest(exact));
            var over = fed(3, "abcd\nrest");
            assertThrows(LineTooLongException.class, () -> await(over.readline()));
            assertEquals("rest", rest(over));
            assertEquals("abc", text(await(ended(fed(3, "abc")).readline())));
            var last = ended(fed(3, "abcd"));
            assertThrows(LineTooLongException.class, () -> await(last.readline()));
            assertEquals("", text(await(last.readline())));
        });
    }

    @Test
    void aLineThatGrowsOverTheLimitWhileItIsAwaitedIsDropped() {
        inLoop(() -> {
            var reader = fed(6, "abc");
            var line = createTask(reader.readline());
            iterations(2);
            reader.feedData(bytes("def"));
            iterations(2);
            assertFalse(line.done());
            reader.feedData(bytes("g"));
            assertThrows(LineTooLongException.class, () -> await(line));
            reader.feedData(bytes("x\n"));
            assertEquals("x\n", text(await(reader.readline())));
        });
    }

    @Test
    void droppingALineResumesTheTransport() {
        inLoop(() -> {
            var reader = StreamReader.create(5);
            reader.setTransport(new Paused());
            reader.feedData(bytes("0123456789a"));
            assertThrows(LineTooLongException.class, () -> await(reader.readline()));
            assertEquals(List.of("pause", "resume"), log);
        });
    }

    // ---- readuntil

    @Test
    void readuntilFindsASeparatorThatIsCutAnywhere() {
        inLoop(() -> {
            for (var separator : List.of("\r\n", "AAA", "ABAB", "ABABC", "aab", "x")) {
                var data = "xAABABABC".startsWith(separator) ? "some" : "xAABABAaab\r";
                var whole = (data.contains(separator) ? "data" : data) + separator;
                for (int cut = 1; cut < whole.length(); cut++) {
                    var reader = fed(whole.substring(0, cut));
                    var read = createTask(reader.readuntil(bytes(separator)));
                    iterations(2);
                    assertFalse(read.done(), separator + " at " + cut);
                    reader.feedData(bytes(whole.substring(cut) + "rest"));
                    assertEquals(whole, text(await(read)));
                    assertEquals("rest", rest(reader));
                }
            }
        });
    }

    @Test
    void readuntilStopsAtItsLimitAndLeavesAllInTheBuffer() {
        inLoop(() -> {
            var low = fed(3, "some dataAA");
            overrun(9, NOT_FOUND, low, low.readuntil(bytes("AAA")));
            var reader = fed(7, "some dataAA");
            overrun(9, NOT_FOUND, reader, reader.readuntil(bytes("AAA")));
            reader.feedData(bytes("A"));
            overrun(9, TOO_LONG, reader, reader.readuntil(bytes("AAA")));
            assertEquals("some dataAAA", rest(reader));
            var exact = fed(9, "some dataAAA");
            assertEquals("some dataAAA", text(await(exact.readuntil(bytes("AAA")))));
            var found = fed(8, "some dataAAA");
            overrun(9, TOO_LONG, found, found.readuntil(bytes("AAA")));
            assertEquals("some data", text(await(found.readexactly(9))));
            assertEquals("AAA", text(await(found.readuntil(bytes("AAA")))));
        });
    }

    @Test
    void readuntilTellsWhatCameBeforeTheEnd() {
        inLoop(() -> {
            var reader = ended(fed(9, "some dataAA"));
            var error = assertThrows(IncompleteReadException.class, () -> await(reader.readuntil(bytes("AAA"))));
            assertEquals("some dataAA", text(error.partial()));
            assertEquals(IncompleteReadException.UNDEFINED, error.expected());
            assertEquals("11 bytes read on a total of undefined expected bytes", error.getMessage());
            assertTrue(reader.atEof());
            // The limit is looked at before the end is.
            var over = ended(fed(2, "dataAA"));
            overrun(4, NOT_FOUND, over, over.readuntil(bytes("AAA")));
            assertEquals("dataAA", text(await(over.read())));
        });
    }

    @Test
    void ofSeveralSeparatorsTheOneThatEndsFirstCounts() {
        inLoop(() -> {
            for (var separators : List.of(List.of("ABCD", "ABC"), List.of("ABC", "ABCD"))) {
                var reader = fed("ABC x ABCD y");
                var both = separators.stream().map(OnNetwork::bytes).toList();
                assertEquals("ABC", text(await(reader.readuntil(both))));
                assertEquals(" x ABC", text(await(reader.readuntil(both))));
                assertEquals("D y", rest(reader));
            }
            var inner = fed("xxABCDE");
            assertEquals("xxABCD", text(await(inner.readuntil(List.of(bytes("ABCDE"), bytes("CD"))))));
            assertEquals("E", rest(inner));
        });
    }

    @Test
    void ofSeparatorsThatEndAtTheSamePlaceTheShortestCountsForTheLimit() {
        inLoop(() -> {
            for (var separators : List.of(List.of("D", "ABCD"), List.of("ABCD", "D"))) {
                var both = separators.stream().map(OnNetwork::bytes).toList();
                var reader = fed(2, "xxABCD");
                overrun(5, TOO_LONG, reader, reader.readuntil(both));
                assertEquals("xxABCD", text(await(fed("xxABCD").readuntil(both))));
            }
        });
    }

    @Test
    void theLongestOfTheSeparatorsDecidesWhatMayStillBeOne() {
        inLoop(() -> {
            var both = List.of(bytes("ABCD"), bytes("E"));
            var waiting = fed(4, "xxxxABC");
            assertThrows(TimeoutException.class, () -> await(waitFor(waiting.readuntil(both), ofMillis(1))));
            var over = fed(4, "xxxxABCx");
            overrun(5, NOT_FOUND, over, over.readuntil(both));
        });
    }

    @Test
    void separatorsAreChecked() {
        inLoop(() -> {
            var reader = fed("x");
            for (var call : List.<Function<StreamReader, Coroutine<byte[]>>>of(
                    r -> r.readuntil(new byte[0]), r -> r.readuntil(List.of(bytes("a"), new byte[0])))) {
                assertEquals(
                        "Separator should be at least one-byte string",
                        assertThrows(IllegalArgumentException.class, () -> call.apply(reader))
                                .getMessage());
            }
            assertEquals(
                    "Separator should contain at least one element",
                    assertThrows(IllegalArgumentException.class, () -> reader.readuntil(List.of()))
                            .getMessage());
        });
    }

    /** Any cutting of the same bytes gives the same parts. */
    @Test
    void randomSeparatorsInRandomChunks() {
        var random = new Random(14);
        inLoop(() -> {
            for (int round = 0; round < 300; round++) {
                var data = random(random, 40 + random.nextInt(60));
                var separators = new ArrayList<byte[]>();
                for (int i = random.nextInt(3); i >= 0; i--) {
                    separators.add(bytes(random(random, 1 + random.nextInt(4))));
                }
                var expected = split(data, separators);
                var reader = StreamReader.create();
                var read = createTask(parts(reader, separators));
                for (int at = 0; at < data.length(); ) {
                    int end = Math.min(data.length(), at + 1 + random.nextInt(12));
                    reader.feedData(bytes(data.substring(at, end)));
                    if (random.nextInt(3) > 0) iterations(1);
                    at = end;
                }
                reader.feedEof();
                assertEquals(expected, await(read));
            }
        });
    }

    private static String random(Random random, int length) {
        return random.ints(length, 'a', 'c')
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, (a, b) -> {})
                .toString();
    }

    private static List<String> split(String data, List<byte[]> separators) {
        var parts = new ArrayList<String>();
        int start = 0;
        for (int end = 1; end <= data.length(); end++) {
            var part = data.substring(start, end);
            if (separators.stream().anyMatch(separator -> part.endsWith(text(separator)))) {
                parts.add(part);
                start = end;
            }
        }
        parts.add(data.substring(start));
        return parts;
    }

    private static Coroutine<List<String>> parts(StreamReader reader, List<byte[]> separators) {
        return asyncio.Asyncio.async(() -> {
            var parts = new ArrayList<String>();
            while (true) {
                try {
                    parts.add(text(await(reader.readuntil(separators))));
                } catch (IncompleteReadException end) {
                    parts.add(text(end.partial()));
                    return parts;
                }
            }
        });
    }

    // ---- lines

    @Test
    void theReaderIsItsLines() {
        inLoop(() -> {
            var lines = new ArrayList<String>();
            for (var line : each(ended(fed("a\n\r\n", "b")))) {
                lines.add(text(line));
            }
            assertEquals(List.of("a\n", "\r\n", "b"), lines);
        });
    }

    @Test
    void textLinesHaveNoEnds() {
        inLoop(() -> {
            var reader = StreamReader.create();
            reader.feedData("a\nb\r\n\r\n\nü€".getBytes(UTF_8));
            reader.feedData(new byte[] {'\r', 'x', '\r', '\n', (byte) 0xFF, '\n', 'e', '\r'});
            reader.feedEof();
            var lines = new ArrayList<String>();
            for (var line : each(() -> reader.lines(UTF_8))) {
                lines.add(line);
            }
            assertEquals(List.of("a", "b", "", "", "ü€\rx", "\uFFFD", "e\r"), lines);
        });
    }

    // ---- one reader at a time

    @Test
    void aSecondReaderIsRefused() {
        inLoop(() -> {
            var reader = StreamReader.create();
            var first = createTask(reader.read(1));
            iterations(2);
            reads().forEach((name, read) -> {
                var function = name.contains("line") ? "read" : name.replaceAll("[( ].*", "");
                var error = assertThrows(IllegalStateException.class, () -> await(read.apply(reader)), name);
                assertTrue(
                        error.getMessage()
                                .matches(
                                        function
                                                + "[a-z]*\\(\\) called while another coroutine is already waiting for incoming data"),
                        error.getMessage());
            });
            assertEquals("", text(await(reader.read(0))));
            assertEquals("", text(await(reader.readexactly(0))));
            // They have not touched the first one.
            reader.feedData(bytes("x"));
            assertEquals("x", text(await(first)));
        });
    }

    // ---- errors

    @Test
    void anErrorIsRaisedByAllReadersWhateverIsThere() {
        inLoop(() -> {
            var failed = new IOException("gone");
            var reader = fed("abc\n--");
            assertNull(reader.exception());
            reader.setException(failed);
            assertSame(failed, reader.exception());
            reads().forEach((name, read) ->
                    assertSame(failed, assertThrows(IOException.class, () -> await(read.apply(reader))), name));
            assertSame(failed, assertThrows(IOException.class, () -> await(reader.read(0))));
            assertSame(failed, assertThrows(IOException.class, () -> await(reader.readexactly(0))));
        });
    }

    @Test
    void anErrorWakesTheReaderThatWaits() {
        inLoop(() -> reads().forEach((name, read) -> {
            var failed = new IOException("gone");
            var reader = StreamReader.create();
            var waiting = createTask(read.apply(reader));
            iterations(2);
            reader.setException(failed);
            assertSame(failed, assertThrows(IOException.class, () -> await(waiting)), name);
        }));
    }

    /** CPython waits for ever here. */
    @Test
    void anErrorRightAfterBytesThatAreNotEnough() {
        inLoop(() -> reads().forEach((name, read) -> {
            var failed = new IOException("gone");
            var reader = StreamReader.create();
            var waiting = createTask(read.apply(reader));
            iterations(2);
            reader.feedData(bytes("x"));
            reader.setException(failed);
            if (name.equals("read(n)")) {
                assertEquals("x", text((byte[]) await(waiting)));
            } else {
                assertSame(failed, assertThrows(IOException.class, () -> await(waiting)), name);
            }
        }));
    }

    // ---- cancellation

    @Test
    void aCancelledReaderTakesNothing() {
        inLoop(() -> {
            for (var entry : reads().entrySet()) {
                var read = entry.getValue();
                // Before its first step; waiting on an empty buffer; waiting with some bytes there; woken, but not run
                // yet.
                for (int when = 0; when < 4; when++) {
                    var name = entry.getKey() + " " + when;
                    var reader = StreamReader.create();
                    if (when == 2 && !entry.getKey().equals("read(n)")) reader.feedData(bytes("ab"));
                    var task = createTask(read.apply(reader));
                    if (when > 0) iterations(2);
                    assertFalse(task.done(), name);
                    if (when == 3) reader.feedData(bytes("ab"));
                    task.cancel();
                    assertThrows(CancelledError.class, () -> await(task), name);
                    reader.feedData(bytes("cd\n"));
                    var expected = when >= 2 && (when == 3 || !entry.getKey().equals("read(n)")) ? "abcd\n" : "cd\n";
                    assertEquals(expected, text(await(reader.readline())), name);
                }
            }
        });
    }

    @Test
    void aReaderThatIsCancelledTogetherWithTheEndLosesNothing() {
        inLoop(() -> reads().forEach((name, read) -> {
            var reader = fed("ab");
            if (name.equals("read(n)")) return;
            var task = createTask(read.apply(reader));
            iterations(2);
            reader.feedData(bytes("cd"));
            reader.feedEof();
            task.cancel();
            assertThrows(CancelledError.class, () -> await(task), name);
            assertEquals("abcd", text(await(reader.read())), name);
        }));
    }

    @Test
    void aTimeoutLosesNothing() {
        inLoop(() -> {
            var reader = StreamReader.create();
            var all = new StringBuilder();
            for (int i = 0; i < 20; i++) {
                reader.feedData(bytes("part" + i + (i % 5 == 4 ? "\n" : " ")));
                try {
                    all.append(text(await(waitFor(reader.readline(), ofMillis(1)))));
                } catch (TimeoutException late) {
                    log.add("late");
                }
            }
            assertEquals(16, log.size());
            assertEquals(4, all.chars().filter(c -> c == '\n').count());
            assertTrue(all.toString().startsWith("part0 part1 part2 part3 part4\npart5"));
        });
    }

    // ---- flow control

    @Test
    void theTransportIsPausedAboveTwiceTheLimitAndResumedAtIt() {
        inLoop(() -> {
            var reader = StreamReader.create(10);
            reader.setTransport(new Paused());
            reader.feedData(new byte[20]);
            assertEquals(List.of(), log);
            reader.feedData(new byte[1]);
            assertEquals(List.of("pause"), log);
            reader.feedData(new byte[1]);
            assertEquals(List.of("pause"), log);
            await(reader.read(11));
            assertEquals(List.of("pause"), log);
            await(reader.read(1));
            assertEquals(List.of("pause", "resume"), log);
            reader.feedData(new byte[30]);
            assertEquals(List.of("pause", "resume", "pause"), log);
            await(reader.read(40));
            assertEquals(List.of("pause", "resume", "pause", "resume"), log);
        });
    }

    @Test
    void readuntilOfMoreThanIsThereResumes() {
        inLoop(() -> {
            var reader = StreamReader.create(10);
            reader.setTransport(new Paused());
            reader.feedData(bytes("0123456789012345678901"));
            assertThrows(LimitOverrunException.class, () -> await(reader.readuntil()));
            assertEquals(List.of("pause"), log);
            assertEquals(22, await(reader.readexactly(22)).length);
            assertEquals(List.of("pause", "resume"), log);
        });
    }

    @Test
    void aTransportIsSetOnce() {
        inLoop(() -> {
            var reader = StreamReader.create();
            reader.setTransport(new Paused());
            assertEquals(
                    "Transport already set",
                    assertThrows(IllegalStateException.class, () -> reader.setTransport(new Paused()))
                            .getMessage());
        });
    }

    // ---- the rest

    @Test
    void nothingIsFedAfterTheEnd() {
        inLoop(() -> {
            var reader = ended(fed("a"));
            assertThrows(IllegalStateException.class, () -> reader.feedData(bytes("b")));
            assertThrows(IllegalStateException.class, () -> reader.feedData(new byte[0]));
            reader.feedEof();
            assertEquals("a", text(await(reader.read())));
        });
    }

    @Test
    void nothingFedWakesNobody() {
        inLoop(() -> {
            var reader = fed("");
            var read = createTask(reader.read(1));
            iterations(2);
            reader.feedData(new byte[0]);
            iterations(2);
            assertFalse(read.done());
            reader.feedEof();
            await(read);
        });
    }

    @Test
    void itsText() {
        inLoop(() -> {
            assertEquals("<StreamReader>", fed().toString());
            assertEquals("<StreamReader limit=5>", fed(5).toString());
            assertEquals("<StreamReader eof>", ended(fed()).toString());
            var reader = StreamReader.create(10);
            reader.setTransport(new Paused());
            reader.feedData(new byte[20]);
            assertEquals("<StreamReader 20 bytes limit=10 transport=<T>>", reader.toString());
            reader.feedData(new byte[1]);
            assertEquals("<StreamReader 21 bytes limit=10 transport=<T> paused>", reader.toString());
            await(reader.read(21));
            var read = createTask(reader.read(1));
            iterations(2);
            assertEquals("<StreamReader limit=10 waiter transport=<T>>", reader.toString());
            reader.feedData(new byte[6]);
            await(read);
            var failed = new IllegalStateException("v");
            reader.setException(failed);
            reader.feedEof();
            assertEquals(
                    "<StreamReader 5 bytes eof limit=10 exception=" + failed + " transport=<T>>", reader.toString());
        });
    }

    @Test
    void itIsMadeInALoopAndKeepsToIt() {
        assertThrows(IllegalStateException.class, StreamReader::create);
        var other = new StreamReader[1];
        inLoop(() -> {
            assertThrows(IllegalArgumentException.class, () -> StreamReader.create(0));
            assertThrows(IllegalArgumentException.class, () -> StreamReader.create(-1));
            other[0] = fed("x");
        });
        run(() -> {
            assertThrows(IllegalStateException.class, () -> await(other[0].read()));
        });
    }
}
