package asyncio.http;

import static asyncio.Asyncio.*;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.*;

import asyncio.AsyncGenerator;
import asyncio.CancelledError;
import asyncio.Event;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The bodies of requests: what they say about themselves, and what they give. */
@Timeout(240)
class PayloadTest {
    private static final int PORTION = 256 * 1024;

    @TempDir
    Path dir;

    /** All bytes; to be called in a coroutine. */
    static byte[] bytesOf(Payload payload) {
        var all = new ByteArrayOutputStream();
        for (var chunk : each(payload.chunks())) {
            assertNotEquals(0, chunk.length);
            all.writeBytes(chunk);
        }
        return all.toByteArray();
    }

    static String textOf(Payload payload) {
        return new String(bytesOf(payload), UTF_8);
    }

    static byte[] pattern(int length) {
        var bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (i * 31 + i / 251);
        }
        return bytes;
    }

    @Test
    void bytes() {
        run(() -> {
            var bytes = "abcdef".getBytes(UTF_8);
            var payload = Payload.ofBytes(bytes);
            assertEquals(6, payload.size());
            assertEquals("application/octet-stream", payload.contentType());
            assertNull(payload.filename());
            assertEquals(Map.of(), payload.headers());
            assertTrue(payload.replayable());
            var chunks = payload.chunks();
            assertSame(bytes, await(chunks.anext()));
            assertThrows(asyncio.StopAsyncIteration.class, () -> await(chunks.anext()));
            payload.close();
            assertEquals("abcdef", textOf(payload));

            assertEquals("cd", textOf(Payload.ofBytes(bytes, 2, 2)));
            var buffer = ByteBuffer.wrap(bytes, 1, 4).slice();
            assertEquals("bcde", textOf(Payload.ofBytes(buffer)));
            assertEquals(4, buffer.remaining());
            assertThrows(IndexOutOfBoundsException.class, () -> Payload.ofBytes(bytes, 3, 4));

            var empty = Payload.ofBytes(new byte[0]);
            assertEquals(0, empty.size());
            assertEquals("", textOf(empty));
        });
    }

    @Test
    void text() {
        run(() -> {
            var payload = Payload.ofText("caf\u00e9");
            assertEquals("text/plain; charset=utf-8", payload.contentType());
            assertEquals(5, payload.size());
            assertEquals("caf\u00e9", textOf(payload));
            var latin = Payload.ofText("caf\u00e9", ISO_8859_1);
            assertEquals("text/plain; charset=iso-8859-1", latin.contentType());
            assertEquals(4, latin.size());
            assertArrayEquals("caf\u00e9".getBytes(ISO_8859_1), bytesOf(latin));
        });
    }

    @Test
    void json() {
        run(() -> {
            var payload = Payload.ofJson(List.of(1, "\u00e9", Map.of("a", true)));
            assertEquals("application/json", payload.contentType());
            assertEquals("[1,\"\u00e9\",{\"a\":true}]", textOf(payload));
            assertEquals("null", textOf(Payload.ofJson(null)));
            assertTrue(payload.replayable());
        });
    }

    @Test
    void formsAreEncodedAsBrowsersDo() {
        run(() -> {
            var payload = Payload.ofForm(List.of(
                    Map.entry("a b", "c+d&e=f"),
                    Map.entry("a b", ""),
                    Map.entry("\u00e4", "100%\r\n"),
                    Map.entry("keep", "*-._~")));
            assertEquals("application/x-www-form-urlencoded", payload.contentType());
            assertEquals("a+b=c%2Bd%26e%3Df&a+b=&%C3%A4=100%25%0D%0A&keep=*-._%7E", textOf(payload));
            assertEquals("x=1", textOf(Payload.ofForm(Map.of("x", "1"))));
            assertEquals(0, Payload.ofForm(Map.of()).size());
        });
    }

    @Test
    void otherWords() {
        run(() -> {
            for (var body : List.of(
                    Payload.ofBytes("x".getBytes(UTF_8)), Payload.ofInputStream(InputStream.nullInputStream()))) {
                var payload = body.withContentType("image/png")
                        .withFilename("a.png")
                        .withHeader("X-A", "1")
                        .withHeader("x-a", "2")
                        .withHeader("X-B", "3");
                assertEquals("image/png", payload.contentType());
                assertEquals("a.png", payload.filename());
                assertEquals(
                        List.of("x-a", "X-B"), List.copyOf(payload.headers().keySet()));
                assertEquals("2", payload.headers().get("x-a"));
                assertThrows(
                        UnsupportedOperationException.class,
                        () -> payload.headers().put("c", "d"));
                assertNull(payload.withContentType(null).contentType());
                assertEquals(body.size(), payload.size());
                assertEquals(body.replayable(), payload.replayable());
                assertEquals("application/octet-stream", body.contentType());
                assertEquals(Map.of(), body.headers());
                for (var bad : List.of("a\r\nX: y", "a\nb", "a\0", "\u007f", "a\rb")) {
                    assertThrows(IllegalArgumentException.class, () -> payload.withContentType(bad));
                    assertThrows(IllegalArgumentException.class, () -> payload.withFilename(bad));
                    assertThrows(IllegalArgumentException.class, () -> payload.withHeader("a", bad));
                    assertThrows(IllegalArgumentException.class, () -> payload.withHeader(bad, "a"));
                }
                for (var bad : List.of("", "a b", "a:", "\u00e4")) {
                    assertThrows(IllegalArgumentException.class, () -> payload.withHeader(bad, "a"));
                }
            }
        });
    }

    @Test
    void aFileIsReadEachTime() throws Exception {
        var content = pattern(2 * PORTION + 17);
        var file = Files.write(dir.resolve("a.bin"), content);
        run(() -> {
            var payload = Payload.ofFile(file);
            assertEquals(content.length, payload.size());
            assertEquals("application/octet-stream", payload.contentType());
            assertEquals("a.bin", payload.filename());
            assertTrue(payload.replayable());
            var sizes = new ArrayList<Integer>();
            for (var chunk : each(payload.chunks())) {
                sizes.add(chunk.length);
            }
            assertEquals(List.of(PORTION, PORTION, 17), sizes);
            assertArrayEquals(content, bytesOf(payload));
            payload.close();
            Files.write(file, new byte[] {1, 2});
            assertEquals(2, payload.size());
            assertArrayEquals(new byte[] {1, 2}, bytesOf(payload));
            Files.write(file, new byte[0]);
            assertArrayEquals(new byte[0], bytesOf(payload));
        });
    }

    @Test
    void aFileThatCannotBeReadIsAnError() {
        run(() -> {
            var missing = Payload.ofFile(dir.resolve("missing"));
            assertNull(missing.size());
            var error = assertThrows(ClientPayloadException.class, () -> bytesOf(missing));
            assertTrue(error.getMessage().contains("no such file"), error.getMessage());
            var directory = assertThrows(ClientPayloadException.class, () -> bytesOf(Payload.ofFile(dir)));
            assertTrue(directory.getMessage().contains("directory"), directory.getMessage());
        });
    }

    @Test
    void aFileThatShrinksWhileItIsSentIsAnError() throws Exception {
        var file = Files.write(dir.resolve("a.bin"), pattern(2 * PORTION));
        run(() -> {
            var chunks = Payload.ofFile(file).chunks();
            assertEquals(PORTION, await(chunks.anext()).length);
            Files.write(file, pattern(PORTION + 5));
            var error = assertThrows(ClientPayloadException.class, () -> await(chunks.anext()));
            assertTrue(
                    error.getMessage().contains("524288") && error.getMessage().contains("262149"), error.getMessage());
        });
    }

    @Test
    void aFileThatGrowsWhileItIsSentIsAnError() throws Exception {
        var file = Files.write(dir.resolve("a.bin"), pattern(PORTION + 1));
        run(() -> {
            var chunks = Payload.ofFile(file).chunks();
            assertEquals(PORTION, await(chunks.anext()).length);
            Files.write(file, new byte[] {1}, StandardOpenOption.APPEND);
            var error = assertThrows(ClientPayloadException.class, () -> await(chunks.anext()));
            assertTrue(error.getMessage().contains("changed"), error.getMessage());
        });
    }

    /** Tells whether it was closed. */
    private static final class WatchedStream extends ByteArrayInputStream {
        final AtomicInteger closed = new AtomicInteger();

        WatchedStream(byte[] bytes) {
            super(bytes);
        }

        @Override
        public void close() {
            closed.incrementAndGet();
        }
    }

    @Test
    void anInputStreamIsReadOnceAndClosed() {
        run(() -> {
            var content = pattern(PORTION + 9);
            var stream = new WatchedStream(content);
            var payload = Payload.ofInputStream(stream);
            assertNull(payload.size());
            assertFalse(payload.replayable());
            assertArrayEquals(content, bytesOf(payload));
            assertEquals(1, stream.closed.get());
            payload.close();
            assertEquals(1, stream.closed.get());
            var error = assertThrows(IllegalStateException.class, () -> bytesOf(payload));
            assertTrue(error.getMessage().contains("already"), error.getMessage());
        });
    }

    @Test
    void anInputStreamThatIsNotSentIsClosedToo() throws Exception {
        var stream = new WatchedStream(pattern(10));
        run(() -> Payload.ofInputStream(stream).withFilename("x").close());
        assertEquals(1, stream.closed.get());
        var early = new WatchedStream(pattern(PORTION + 1));
        run(() -> {
            var chunks = (AsyncGenerator<byte[]>) Payload.ofInputStream(early).chunks();
            await(chunks.anext());
            await(chunks.aclose());
            assertEquals(1, early.closed.get());
        });
    }

    @Test
    void anInputStreamThatBlocksIsClosedWhenItsReaderIsCancelled() throws Exception {
        var reading = new CountDownLatch(1);
        var closed = new CountDownLatch(1);
        var stream = new InputStream() {
            @Override
            public int read() throws IOException {
                reading.countDown();
                try {
                    closed.await();
                } catch (InterruptedException gone) {
                    throw new IOException(gone);
                }
                throw new IOException("closed");
            }

            @Override
            public void close() {
                closed.countDown();
            }
        };
        run(() -> {
            var task = createTask(async(() -> bytesOf(Payload.ofInputStream(stream))));
            await(toThread(() -> {
                RawServer.await(reading);
                return null;
            }));
            task.cancel();
            assertThrows(CancelledError.class, () -> await(task));
        });
        RawServer.await(closed);
    }

    @Test
    void whatAnInputStreamThrowsIsToldOf() {
        run(() -> {
            var stream = new InputStream() {
                @Override
                public int read() throws IOException {
                    throw new IOException("disk on fire");
                }
            };
            var error = assertThrows(ClientPayloadException.class, () -> bytesOf(Payload.ofInputStream(stream)));
            assertTrue(error.getMessage().contains("disk on fire"), error.getMessage());
            assertInstanceOf(IOException.class, error.getCause());
        });
    }

    @Test
    void aStreamIsSentOnceAndClosedWhenItIsLeft() {
        run(() -> {
            var log = new ArrayList<String>();
            var payload = Payload.ofStream(asyncGenerator(out -> {
                try {
                    out.yield("ab".getBytes(UTF_8));
                    out.yield(new byte[0]);
                    out.yield("c".getBytes(UTF_8));
                } finally {
                    log.add("closed");
                }
            }));
            assertNull(payload.size());
            assertFalse(payload.replayable());
            assertEquals("abc", textOf(payload));
            assertThrows(IllegalStateException.class, () -> bytesOf(payload));
            assertEquals(List.of("closed"), log);

            var left = (AsyncGenerator<byte[]>) Payload.ofStream(asyncGenerator(out -> {
                        try {
                            out.yield("ab".getBytes(UTF_8));
                        } finally {
                            await(sleep(java.time.Duration.ZERO));
                            log.add("left");
                        }
                    }))
                    .chunks();
            await(left.anext());
            await(left.aclose());
            assertEquals(List.of("closed", "left"), log);
        });
    }

    @Test
    void aCancelledWaitEndsTheStream() {
        run(() -> {
            var log = new ArrayList<String>();
            var never = Event.create();
            var payload = Payload.ofStream(asyncGenerator(out -> {
                try {
                    out.yield(new byte[1]);
                    await(never.waitSet());
                } finally {
                    log.add("closed");
                }
            }));
            var task = createTask(async(() -> bytesOf(payload)));
            await(sleep(java.time.Duration.ZERO));
            task.cancel();
            assertThrows(CancelledError.class, () -> await(task));
            assertEquals(List.of("closed"), log);
        });
    }

    @Test
    void aDeclaredSizeIsHeldTo() {
        run(() -> {
            for (var size : new int[] {0, 3, 5}) {
                AsyncGenerator<byte[]> chunks = asyncGenerator(out -> {
                    out.yield("ab".getBytes(UTF_8));
                    out.yield("cd".getBytes(UTF_8));
                });
                var stream = Payload.ofStream(chunks, size);
                assertEquals(size, stream.size());
                var error = assertThrows(ClientPayloadException.class, () -> bytesOf(stream));
                assertTrue(error.getMessage().contains("" + size), error.getMessage());
                var input = Payload.ofInputStream(new ByteArrayInputStream(new byte[4]), size);
                assertThrows(ClientPayloadException.class, () -> bytesOf(input));
            }
            assertEquals(4, bytesOf(Payload.ofInputStream(new ByteArrayInputStream(new byte[4]), 4)).length);
            assertThrows(
                    IllegalArgumentException.class, () -> Payload.ofInputStream(InputStream.nullInputStream(), -1));
        });
    }

    @Test
    void everyArrayIsItsOwn() {
        run(() -> {
            var kept = new ArrayList<byte[]>();
            var content = pattern(3 * PORTION);
            for (var chunk : each(
                    Payload.ofInputStream(new ByteArrayInputStream(content)).chunks())) {
                kept.add(chunk);
            }
            assertEquals(3, kept.size());
            for (int i = 0; i < 3; i++) {
                assertArrayEquals(Arrays.copyOfRange(content, i * PORTION, (i + 1) * PORTION), kept.get(i));
            }
        });
    }
}
