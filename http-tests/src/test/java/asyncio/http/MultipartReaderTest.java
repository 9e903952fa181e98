package asyncio.http;

import static asyncio.Asyncio.*;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.*;

import asyncio.AsyncGenerator;
import asyncio.AsyncIterator;
import asyncio.Awaitable;
import asyncio.CancelledError;
import asyncio.Event;
import asyncio.Queue;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Multipart bodies that come from elsewhere, well-formed or not. */
@Timeout(240)
class MultipartReaderTest {
    private static final String TYPE = "multipart/mixed; boundary=b";

    /** These bytes, cut into portions of this size. */
    static AsyncGenerator<byte[]> portions(byte[] bytes, int size) {
        return asyncGenerator(out -> {
            for (int i = 0; i < bytes.length; i += size) {
                out.yield(Arrays.copyOfRange(bytes, i, Math.min(bytes.length, i + size)));
            }
        });
    }

    private static MultipartReader reader(String type, String body, int size) {
        return MultipartReader.of(type, portions(body.getBytes(ISO_8859_1), size));
    }

    private static MultipartReader reader(String body) {
        return reader(TYPE, body, 1 << 20);
    }

    /** The contents of all parts. */
    private static List<String> read(String body, int size) {
        var contents = new ArrayList<String>();
        for (var part : each(reader(TYPE, body, size))) {
            contents.add(new String(await(part.read()), ISO_8859_1));
        }
        return contents;
    }

    private static ClientPayloadException refused(String body) {
        var byByte = assertThrows(ClientPayloadException.class, () -> read(body, 1), body);
        var whole = assertThrows(ClientPayloadException.class, () -> read(body, 1 << 20), body);
        assertEquals(whole.getMessage(), byByte.getMessage());
        return whole;
    }

    @Test
    void theShapesOfABody() {
        run(() -> {
            for (int size : new int[] {1, 2, 3, 7, 1000}) {
                assertEquals(List.of("x"), read("--b\r\n\r\nx\r\n--b--\r\n", size));
                assertEquals(List.of("x"), read("--b\r\n\r\nx\r\n--b--", size), "no line end after the last boundary");
                assertEquals(List.of("x\r\n--b--x"), read("--b\r\n\r\nx\r\n--b--x\r\n--b-- \r\ny", size));
                assertEquals(
                        List.of("x", "y"),
                        read("preamble\r\n--b\r\nA: 1\r\n\r\nx\r\n--b\r\n\r\ny\r\n--b--\r\nepilogue", size));
                assertEquals(List.of("x"), read("\r\n--b\r\n\r\nx\r\n--b--", size));
                assertEquals(List.of("", ""), read("--b\r\n\r\n\r\n--b\r\n\r\n--b--", size), "empty parts");
                assertEquals(List.of("\r\n"), read("--b\r\n\r\n\r\n\r\n--b--", size));
                assertEquals(List.of(), read("--b--", size));
                assertEquals(List.of("x"), read("--b \t\r\n\r\nx\r\n--b--", size), "padding");
                assertEquals(
                        List.of("\r\n--bx\r\n--b-x\r\n--b x\r\n-b\r\n\n--b\r--b\r\n--"),
                        read("--b\r\n\r\n\r\n--bx\r\n--b-x\r\n--b x\r\n-b\r\n\n--b\r--b\r\n--\r\n--b--", size),
                        "what only looks like a boundary");
                assertEquals(List.of("x\r\r\n\r"), read("--b\r\n\r\nx\r\r\n\r\r\n--b--", size));
            }
        });
    }

    @Test
    void headersAndNames() {
        run(() -> {
            var body = "--b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"../\u00c3\u00a4.txt\"\r\n"
                    + "content-type: Text/HTML; charset=iso-8859-1\r\nX-A: 1\r\nx-a:  2 \r\nX-Fold: a\r\n\t b\r\nX-Empty:\r\n\r\ncaf\u00e9"
                    + "\r\n--b\r\n\r\n\r\n--b--";
            for (int size : new int[] {1, 5, 1000}) {
                var reader = reader("Multipart/Form-Data; boundary=\"b\"", body, size);
                assertEquals("form-data", reader.subtype());
                assertEquals("b", reader.boundary());
                assertFalse(reader.atEof());
                var part = await(reader.next());
                assertEquals("f", part.name());
                assertEquals("../\u00e4.txt", part.filename());
                assertEquals("\u00e4.txt", part.contentDisposition().safeFilename());
                assertEquals("text/html", part.contentType());
                assertEquals(List.of("1", "2"), part.headers().getAll("X-a"));
                assertEquals("a b", part.headers().get("X-Fold"));
                assertEquals("", part.headers().get("X-Empty"));
                assertNull(part.headers().get("X-None"));
                assertTrue(part.headers().contains("x-fold"));
                assertEquals(6, part.headers().entries().size());
                assertEquals(
                        List.of("Content-Disposition", "content-type", "X-A", "X-Fold", "X-Empty"),
                        List.copyOf(part.headers().names()));
                assertEquals("caf\u00e9", await(part.text()));
                assertTrue(part.atEof());
                assertEquals(0, await(part.read()).length);
                var bare = await(reader.next());
                assertNull(bare.name());
                assertNull(bare.filename());
                assertNull(bare.contentDisposition());
                assertEquals("text/plain", bare.contentType());
                assertNull(await(reader.next()));
                assertTrue(reader.atEof());
                assertNull(await(reader.next()));
            }
        });
    }

    @Test
    void whatIsMalformedIsRefused() {
        run(() -> {
            var part = "--b\r\n\r\nx";
            for (var cut : List.of(
                    part,
                    part + "\r\n",
                    part + "\r\n--b",
                    part + "\r\n--b-",
                    part + "\r\n--b\r",
                    part + "\r\n--bb--",
                    part + "\r\n--b--x",
                    part + "\r\n--b-- x\r\n")) {
                assertTrue(refused(cut).getMessage().contains("ended before its last boundary"), cut);
            }
            assertTrue(refused("").getMessage().contains("no boundary"));
            assertTrue(refused("nothing here\r\n").getMessage().contains("no boundary"));
            assertTrue(refused("x--b\r\n\r\ny\r\n").getMessage().contains("no boundary"));
            assertTrue(refused("--b\r\nA: 1").getMessage().contains("ended"));
            for (var headers : List.of(
                    "no colon",
                    ": x",
                    "a b: x",
                    "a : x",
                    "\u00e4: x",
                    " a: x",
                    "a: x\ny",
                    "a: x\ry",
                    "a: \0",
                    "a: \u007f",
                    "a: x\r",
                    "--b--",
                    "--b",
                    "--b: x",
                    "Content-Length: +1",
                    "Content-Length: -1",
                    "Content-Length: 1a",
                    "Content-Length:",
                    "Content-Length: \u0661",
                    "Content-Length: 9999999999999999999",
                    "Content-Length: 2",
                    "Content-Length: 0")) {
                refused("--b\r\n" + headers + "\r\n\r\nx\r\n--b--");
            }
            assertEquals(List.of("x"), read("--b\r\nContent-Length: 1\r\n\r\nx\r\n--b--", 1));
        });
    }

    @Test
    void aFailedReaderStaysFailed() {
        run(() -> {
            var reader = reader("--b\r\nbad\r\n\r\nx\r\n--b--");
            var first = assertThrows(ClientPayloadException.class, () -> await(reader.next()));
            assertSame(first, assertThrows(ClientPayloadException.class, () -> await(reader.next())));
        });
    }

    @Test
    void typesWithoutAGoodBoundary() {
        run(() -> {
            for (var bad : List.of(
                    "",
                    "text/plain; boundary=b",
                    "multipart/mixed",
                    "multipart/mixed; boundary=",
                    "multipart/mixed; boundary=\"\"",
                    "multipart/mixed; boundary=" + "b".repeat(71),
                    "multipart; boundary=b")) {
                assertThrows(ClientPayloadException.class, () -> reader(bad, "", 1), bad);
            }
            var longest = "b".repeat(70);
            var reader = reader("multipart/mixed; boundary=" + longest, "--" + longest + "--", 1);
            assertNull(await(reader.next()));
        });
    }

    @Test
    void limits() {
        run(() -> {
            var body = ("--b\r\nA: 12345\r\nB: 1\r\n\r\n0123456789\r\n--b--").getBytes(ISO_8859_1);
            for (int size : new int[] {1, 1000}) {
                var limits = MultipartLimits.DEFAULT
                        .withMaxSize(body.length)
                        .withMaxPartSize(10)
                        .withMaxFieldSize(8)
                        .withMaxHeaders(2);
                for (var part : each(MultipartReader.of(TYPE, portions(body, size), limits))) {
                    assertEquals("0123456789", await(part.text()));
                }
                for (var less : List.of(
                        limits.withMaxSize(body.length - 1),
                        limits.withMaxPartSize(9),
                        limits.withMaxFieldSize(7),
                        limits.withMaxHeaders(1))) {
                    var reader = MultipartReader.of(TYPE, portions(body, size), less);
                    var error = assertThrows(
                            ClientPayloadException.class,
                            () -> {
                                for (var part : each(reader)) {
                                    await(part.read());
                                }
                            },
                            less.toString());
                    assertTrue(
                            error.getMessage().matches(".*(larger|longer|more) than (39|9|7|1) .*"),
                            error.getMessage());
                }
                // Who reads in chunks needs no limit for a part.
                var reader = MultipartReader.of(TYPE, portions(body, size), limits.withMaxPartSize(1));
                for (var part : each(reader)) {
                    int sum = 0;
                    for (var chunk : each(part.chunks())) {
                        sum += chunk.length;
                    }
                    assertEquals(10, sum);
                }
            }
            var folded = "--b\r\nA: 1\r\n " + "x".repeat(9000) + "\r\n\r\n\r\n--b--";
            assertTrue(refused(folded).getMessage().contains("8190"));
            assertTrue(refused("--b\r\n" + "A: 1\r\n".repeat(129) + "\r\n\r\n--b--")
                    .getMessage()
                    .contains("128"));
            assertEquals(
                    1,
                    read("--b\r\n" + "A: 1\r\n".repeat(128) + "\r\n\r\n--b--", 1)
                            .size());
            // A line that never ends is not collected.
            assertTrue(refused("--b\r\nA: " + "x".repeat(100_000)).getMessage().contains("8190"));
            assertThrows(IllegalArgumentException.class, () -> MultipartLimits.DEFAULT.withMaxSize(-1));
            assertThrows(IllegalArgumentException.class, () -> MultipartLimits.DEFAULT.withMaxFieldSize(0));
        });
    }

    @Test
    void chunksAndLines() {
        run(() -> {
            for (int size : new int[] {1, 3, 1000}) {
                var reader = reader(TYPE, "--b\r\n\r\none\r\ntwo\n\nlast\r\n--b\r\n\r\n0123456789\r\n--b--", size);
                var part = await(reader.next());
                assertEquals("one\r\n", new String(await(part.readline()), UTF_8));
                assertEquals("two\n", new String(await(part.readline()), UTF_8));
                assertEquals("\n", new String(await(part.readline()), UTF_8));
                assertEquals("l", new String(await(part.readChunk(1)), UTF_8));
                assertFalse(part.atEof());
                assertEquals("ast", new String(await(part.readline()), UTF_8));
                assertEquals(0, await(part.readline()).length);
                assertTrue(part.atEof());

                var digits = await(reader.next());
                var text = new StringBuilder();
                while (true) {
                    var chunk = await(digits.readChunk(4));
                    if (chunk.length == 0) {
                        break;
                    }
                    assertTrue(chunk.length <= Math.min(4, size), "a chunk of " + chunk.length);
                    text.append(new String(chunk, UTF_8));
                }
                assertEquals("0123456789", text.toString());
                assertThrows(IllegalArgumentException.class, () -> digits.readChunk(0));
            }
        });
    }

    @Test
    void whatIsNotReadIsSkipped() {
        run(() -> {
            var body =
                    "--b\r\nA: 1\r\n\r\nfirst\nmore\r\n--b\r\nA: 2\r\n\r\nsecond\r\n--b\r\nA: 3\r\n\r\nthird\r\n--b--";
            for (int size : new int[] {1, 1000}) {
                var reader = reader(TYPE, body, size);
                var first = await(reader.next());
                await(first.readline());
                var second = await(reader.next());
                assertEquals("2", second.headers().get("A"));
                assertTrue(first.atEof());
                assertEquals(0, await(first.read()).length);
                await(second.release());
                assertEquals(0, await(second.read()).length);
                var third = await(reader.next());
                assertEquals("third", await(third.text()));
                await(reader.release());
                assertTrue(reader.atEof());

                var skipped = reader(TYPE, body, size);
                await(skipped.release());
                assertNull(await(skipped.next()));
            }
        });
    }

    @Test
    void partsWithinAPart() {
        run(() -> {
            // The inner boundary begins as the outer one does.
            var body = "--b\r\nContent-Type: multipart/related; boundary=bb\r\n\r\n"
                    + "--bb\r\n\r\nx\r\n--bb\r\n\r\ny\r\n--bb--\r\nepilogue\r\n--b\r\n\r\nz\r\n--b--";
            for (int size : new int[] {1, 4, 1000}) {
                var reader = reader(TYPE, body, size);
                var outer = await(reader.next());
                assertTrue(outer.isMultipart());
                var inner = outer.multipart();
                assertEquals("related", inner.subtype());
                var contents = new ArrayList<String>();
                for (var part : each(inner)) {
                    contents.add(await(part.text()));
                }
                assertEquals(List.of("x", "y"), contents);
                var last = await(reader.next());
                assertFalse(last.isMultipart());
                assertThrows(ClientPayloadException.class, last::multipart);
                assertEquals("z", await(last.text()));
            }
        });
    }

    @Test
    void jsonAndForms() {
        run(() -> {
            var reader = reader(
                    "--b\r\nContent-Type: application/json\r\n\r\n{\"a\":[1]}\r\n"
                            + "--b\r\nContent-Type: application/json; charset=iso-8859-1\r\n\r\n\"\u00e9\"\r\n"
                            + "--b\r\n\r\n \r\n\t\r\n--b\r\n\r\n[1,2]\r\n--b\r\n\r\na=1&b=%C3%A4+x&&c\r\n--b\r\n\r\n%zz\r\n--b\r\n\r\n{\r\n--b--");
            assertEquals(Map.of("a", List.of(1)), await(await(reader.next()).json()));
            assertEquals("\u00e9", await(await(reader.next()).json(String.class)));
            assertNull(await(await(reader.next()).json()));
            assertEquals(List.of(1, 2), await(await(reader.next()).json(new TypeRef<List<Integer>>() {})));
            assertEquals(
                    List.of(Map.entry("a", "1"), Map.entry("b", "\u00e4 x"), Map.entry("c", "")),
                    await(await(reader.next()).form()));
            var bad = await(reader.next());
            assertThrows(ClientPayloadException.class, () -> await(bad.form()));
            var cut = await(reader.next());
            assertThrows(JsonDecodeException.class, () -> await(cut.json()));
        });
    }

    @Test
    void encodedParts() throws IOException {
        run(() -> {
            var text = "caf\u00e9 = \r\n\t line ".repeat(20);
            var gzip = new ByteArrayOutputStream();
            try (var out = new GZIPOutputStream(gzip)) {
                out.write(text.getBytes(UTF_8));
            }
            var zlib = new ByteArrayOutputStream();
            try (var out = new DeflaterOutputStream(zlib)) {
                out.write(text.getBytes(UTF_8));
            }
            var base64 = java.util.Base64.getMimeEncoder();
            record Case(String headers, byte[] content) {}
            for (var given : List.of(
                    new Case("Content-Encoding: gzip", gzip.toByteArray()),
                    new Case("Content-Encoding: deflate", zlib.toByteArray()),
                    new Case("Content-Encoding: deflate", Arrays.copyOfRange(zlib.toByteArray(), 2, zlib.size() - 4)),
                    new Case("Content-Transfer-Encoding: BASE64", base64.encode(text.getBytes(UTF_8))),
                    new Case(
                            "Content-Transfer-Encoding: base64\r\nContent-Encoding: GZIP",
                            base64.encode(gzip.toByteArray())),
                    new Case("Content-Transfer-Encoding: binary", text.getBytes(UTF_8)))) {
                var body = new ByteArrayOutputStream();
                body.writeBytes(("--b\r\n" + given.headers + "\r\n\r\n").getBytes(UTF_8));
                body.writeBytes(given.content);
                body.writeBytes("\r\n--b--".getBytes(UTF_8));
                var part = await(MultipartReader.of(TYPE, portions(body.toByteArray(), 7))
                        .next());
                assertEquals(text, await(part.text()), given.headers);
                var raw = await(MultipartReader.of(TYPE, portions(body.toByteArray(), 7))
                        .next());
                assertArrayEquals(given.content, await(raw.read()));
                // Forms know nothing of such headers.
                var form = await(MultipartReader.of("multipart/form-data; boundary=b", portions(body.toByteArray(), 7))
                        .next());
                assertArrayEquals(given.content, await(form.read(true)));
            }
            var quoted =
                    "--b\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\ncaf=C3=A9 =3D=\r\n=20x=  \r\ny\r\nz=zz=4\r\n--b--";
            assertEquals(
                    "caf\u00e9 = xy\r\nz=zz=4",
                    await(await(reader(quoted).next()).text()));
            for (var bad : List.of(
                    "Content-Encoding: gzip",
                    "Content-Encoding: deflate",
                    "Content-Encoding: br",
                    "Content-Transfer-Encoding: base64",
                    "Content-Transfer-Encoding: x-uuencode")) {
                var part =
                        await(reader("--b\r\n" + bad + "\r\n\r\nxxxxx\r\n--b--").next());
                assertThrows(ClientPayloadException.class, () -> await(part.text()), bad);
            }
        });
    }

    /** As aiohttp's documents show it: each chunk is decoded by itself, however the network cuts. */
    @Test
    void chunksOfAnEncodedPartCanBeDecoded() {
        var text = "0123456789=\u00fc".repeat(40).getBytes(UTF_8);
        var base64 = java.util.Base64.getEncoder().encodeToString(text);
        var lines =
                java.util.Base64.getMimeEncoder(75, "\r\n".getBytes(ISO_8859_1)).encodeToString(text);
        var quoted = new StringBuilder();
        for (byte b : text) {
            quoted.append(String.format(b == '3' ? "=%02X= \t\r\n" : b < 0 || b == '=' ? "=%02X" : "%c", b & 0xFF));
        }
        for (var each : List.of(
                Map.entry("base64", base64),
                Map.entry("BASE64", lines),
                Map.entry("base64", "\r\n" + base64.replace("=", "") + "\r\n"),
                Map.entry("quoted-printable", quoted.toString()))) {
            var body =
                    "--b\r\nContent-Transfer-Encoding: " + each.getKey() + "\r\n\r\n" + each.getValue() + "\r\n--b--";
            run(() -> {
                for (int portion : new int[] {1, 2, 3, 5, 7, 100, 101, 102, 103, 5000}) {
                    for (int size : new int[] {1, 2, 3, 4, 5, 13, 1000, 1 << 20}) {
                        var out = new ByteArrayOutputStream();
                        var raw = new ByteArrayOutputStream();
                        var part = await(reader(TYPE, body, portion).next());
                        while (!part.atEof()) {
                            var chunk = await(part.readChunk(size));
                            raw.writeBytes(chunk);
                            out.writeBytes(part.decode(chunk));
                            // A group of four with the end of a line in it has six bytes, an escape with blanks as
                            // many.
                            assertTrue(chunk.length <= Math.max(size, 7), chunk.length + " bytes for " + size);
                        }
                        assertArrayEquals(text, out.toByteArray(), each.getKey() + " " + portion + " " + size);
                        assertEquals(each.getValue(), raw.toString(ISO_8859_1));
                    }
                    var out = new ByteArrayOutputStream();
                    var part = await(reader(TYPE, body, portion).next());
                    for (var chunk : each(part.chunks())) {
                        out.writeBytes(part.decode(chunk));
                    }
                    assertArrayEquals(text, out.toByteArray());
                    assertArrayEquals(
                            text,
                            await(await(reader(TYPE, body, portion).next()).read(true)));
                }
            });
        }
    }

    @Test
    void aPieceThatEndsWithinAGroupIsNotDecodedSilently() {
        run(() -> {
            var part = await(reader("--b\r\nContent-Transfer-Encoding: base64\r\n\r\nYWJjZGVm\r\nYWJj\r\n--b--")
                    .next());
            for (var piece : List.of("YWJjZGU", "YW", "Y")) {
                var refused = assertThrows(
                        ClientPayloadException.class, () -> part.decode(piece.getBytes(ISO_8859_1)), piece);
                assertTrue(refused.getMessage().contains("readChunk"), refused::getMessage);
            }
            assertEquals("abc", new String(part.decode("YWJj\r\n".getBytes(ISO_8859_1)), ISO_8859_1));
            // At the end of the part the padding may be missing.
            await(part.read());
            assertEquals("ab", new String(part.decode("YWI".getBytes(ISO_8859_1)), ISO_8859_1));
        });
    }

    @Test
    void aCancelledReadOfAChunkLosesNothing() {
        run(() -> {
            var portions = Queue.<byte[]>create();
            portions.putNowait("--b\r\nContent-Transfer-Encoding: base64\r\n\r\nYW".getBytes(ISO_8859_1));
            var reader = MultipartReader.of(TYPE, new AsyncIterator<>() {
                @Override
                public Awaitable<byte[]> anext() {
                    return portions.get();
                }
            });
            var part = await(reader.next());
            var read = createTask(part.readChunk());
            await(sleep(Duration.ZERO));
            await(sleep(Duration.ZERO));
            read.cancel();
            assertThrows(CancelledError.class, () -> await(read));
            portions.putNowait("Jj\r\n--b--".getBytes(ISO_8859_1));
            assertEquals("abc", new String(part.decode(await(part.readChunk())), ISO_8859_1));
        });
    }

    @Test
    void multipartInMultipartHasALimit() {
        for (int depth : new int[] {60, 3400}) {
            var body = new StringBuilder();
            for (int i = 0; i < depth; i++) {
                body.append("--b").append(i).append("\r\nContent-Type: multipart/mixed; boundary=b");
                body.append(i + 1).append("\r\n\r\n");
            }
            run(() -> {
                var reader = MultipartReader.of(
                        "multipart/mixed; boundary=b0", portions(body.toString().getBytes(ISO_8859_1), 1 << 20));
                int reached = 0;
                try {
                    while (true) {
                        reader = await(reader.next()).multipart();
                        reached++;
                    }
                } catch (ClientPayloadException refused) {
                    assertTrue(
                            refused.getMessage()
                                    .contains(depth == 60 ? "ended before" : "more than 64 multipart bodies"),
                            refused::getMessage);
                }
                assertEquals(depth == 60 ? 59 : 63, reached);
            });
        }
    }

    private static byte[] ofOnePart(String coding, byte[] content) {
        var body = new ByteArrayOutputStream();
        body.writeBytes(("--b\r\nContent-Encoding: " + coding + "\r\n\r\n").getBytes(UTF_8));
        body.writeBytes(content);
        body.writeBytes("\r\n--b--".getBytes(UTF_8));
        return body.toByteArray();
    }

    private static byte[] gzip(byte[] content) throws IOException {
        var gzip = new ByteArrayOutputStream();
        try (var out = new GZIPOutputStream(gzip)) {
            out.write(content);
        }
        return gzip.toByteArray();
    }

    @Test
    void othersRunWhileALargePartIsDecoded() throws IOException {
        var body = ofOnePart("gzip", gzip(new byte[20 << 20]));
        run(() -> {
            var turns = new int[1];
            var other = createTask(async(() -> {
                while (true) {
                    await(sleep(Duration.ZERO));
                    turns[0]++;
                }
            }));
            var part = await(MultipartReader.of(TYPE, portions(body, 1 << 20)).next());
            turns[0] = 0;
            assertEquals(20 << 20, await(part.read(true)).length);
            assertTrue(turns[0] >= 10, () -> turns[0] + " turns");
            other.cancel();
        });
    }

    @Test
    void whatFollowsTheEndOfAnEncodedPartIsRefused() throws IOException {
        var hello = gzip("hello".getBytes(UTF_8));
        var zlib = new ByteArrayOutputStream();
        try (var out = new DeflaterOutputStream(zlib)) {
            out.write("hello".getBytes(UTF_8));
        }
        run(() -> {
            for (var coding : List.of("gzip", "deflate")) {
                var encoded = new ByteArrayOutputStream();
                encoded.writeBytes(coding.equals("gzip") ? hello : zlib.toByteArray());
                encoded.writeBytes("GARBAGE".getBytes(UTF_8));
                var body = ofOnePart(coding, encoded.toByteArray());
                var part = await(MultipartReader.of(TYPE, portions(body, 7)).next());
                var error = assertThrows(ClientPayloadException.class, () -> await(part.text()), coding);
                assertTrue(
                        error.getMessage().contains("something else follows the end of the " + coding + " data"),
                        error.getMessage());
                assertThrows(ClientPayloadException.class, () -> part.decode(encoded.toByteArray()), coding);
            }
        });
    }

    @Test
    void aBombIsNotInflated() throws IOException {
        run(() -> {
            var gzip = new ByteArrayOutputStream();
            try (var out = new GZIPOutputStream(gzip)) {
                out.write(new byte[1 << 20]);
            }
            var body = new ByteArrayOutputStream();
            body.writeBytes("--b\r\nContent-Encoding: gzip\r\n\r\n".getBytes(UTF_8));
            body.writeBytes(gzip.toByteArray());
            body.writeBytes("\r\n--b--".getBytes(UTF_8));
            var limits = MultipartLimits.DEFAULT.withMaxPartSize((1 << 20) - 1);
            var part = await(MultipartReader.of(TYPE, portions(body.toByteArray(), 100), limits)
                    .next());
            var error = assertThrows(ClientPayloadException.class, () -> await(part.text()));
            assertTrue(error.getMessage().contains("maxPartSize"), error.getMessage());
        });
    }

    @Test
    void theFieldCharsetTellsTheCharset() {
        run(() -> {
            var type = "multipart/form-data; boundary=b";
            var charset = "--b\r\nContent-Disposition: form-data; name=\"_charset_\"\r\n\r\n%s\r\n";
            var field = "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\ncaf\u00e9\r\n--b--";
            var reader = reader(type, charset.formatted("iso-8859-1") + field, 1);
            var part = await(reader.next());
            assertEquals("a", part.name());
            assertEquals("caf\u00e9", await(part.text()));
            for (var bad : List.of("klingon", "x".repeat(32), "x".repeat(100_000), "", "a b")) {
                var refused = reader(type, charset.formatted(bad) + field, 1000);
                assertThrows(ClientPayloadException.class, () -> await(refused.next()), bad);
            }
            var mixed = reader(TYPE, charset.formatted("iso-8859-1") + field, 1);
            assertEquals("_charset_", await(mixed.next()).name());
        });
    }

    @Test
    void oneTaskReadsAtATime() {
        run(() -> {
            var more = Event.create();
            var reader = MultipartReader.of(TYPE, asyncGenerator(out -> {
                out.yield("--b\r\nA: 1\r\n\r\n".getBytes(UTF_8));
                await(more.waitSet());
                out.yield("x\r\n--b--".getBytes(UTF_8));
            }));
            var part = await(reader.next());
            var task = createTask(part.read());
            await(sleep(Duration.ZERO));
            var error = assertThrows(IllegalStateException.class, () -> await(reader.next()));
            assertTrue(error.getMessage().contains("Another task"), error.getMessage());
            more.set();
            assertArrayEquals("x".getBytes(UTF_8), await(task));
        });
    }

    /** Portions of a queue: unlike a generator they survive a cancelled wait. */
    @Test
    void aCancelledWaitTakesNothing() {
        run(() -> {
            var queue = asyncio.Queue.<byte[]>create(0);
            asyncio.AsyncIterator<byte[]> portions = queue::get;
            var reader = MultipartReader.of(TYPE, portions);
            queue.putNowait("--b\r\nA: 1\r\nB:".getBytes(UTF_8));
            var next = createTask(reader.next());
            await(sleep(Duration.ZERO));
            next.cancel();
            assertThrows(CancelledError.class, () -> await(next));
            queue.putNowait(" 2\r\n\r\nx\r\n-".getBytes(UTF_8));
            var part = await(reader.next());
            assertEquals("1", part.headers().get("A"));
            assertEquals("2", part.headers().get("B"));
            assertEquals("x", new String(await(part.readChunk()), UTF_8));
            var read = createTask(part.readChunk());
            await(sleep(Duration.ZERO));
            read.cancel();
            assertThrows(CancelledError.class, () -> await(read));
            queue.putNowait("-bx\r\n--b--\r\n".getBytes(UTF_8));
            assertEquals("\r\n--bx", new String(await(part.read()), UTF_8));
            assertNull(await(reader.next()));
        });
    }

    /** Bodies that are dangerous for a careless search; the time limit of the class is what tells. */
    @Test
    void theCostIsLinear() {
        run(() -> {
            var boundary = "-".repeat(70);
            var type = "multipart/mixed; boundary=" + boundary;
            for (var unit : List.of(
                    "\r\n--" + "-".repeat(69) + "x",
                    "\r\n" + "-".repeat(72) + " ".repeat(64) + "x",
                    "\r",
                    "\r\n",
                    "-")) {
                var filler = unit.repeat(3_000_000 / unit.length());
                var body = "--" + boundary + "\r\n\r\n" + filler + "x\r\n--" + boundary + "--";
                var part = await(reader(type, body, 8192).next());
                assertEquals(filler.length() + 1, await(part.read()).length);
                var slow = await(reader(type, body, 1 << 22).next());
                assertEquals(1, await(slow.readChunk(1)).length);
                int sum = 1;
                while (true) {
                    int count = await(slow.readChunk(50)).length;
                    if (count == 0) {
                        break;
                    }
                    sum += count;
                }
                assertEquals(filler.length() + 1, sum);
            }
        });
    }

    /** Whatever comes: an answer or a ClientPayloadException, the same however it is cut. */
    @Test
    void randomBytes() {
        run(() -> {
            var random = new Random(42);
            var pieces = new String[] {
                "--b",
                "--",
                "\r\n",
                "\r",
                "\n",
                "b",
                "-",
                " ",
                ":",
                "A: 1",
                "x",
                "\0",
                "Content-Length: 3",
                "\r\n\r\n",
                "--b--"
            };
            for (int round = 0; round < 3000 / Integer.getInteger("asyncio.tests.divisor", 1); round++) {
                var body = new StringBuilder(random.nextBoolean() ? "--b\r\n\r\n" : "");
                int count = random.nextInt(20);
                for (int i = 0; i < count; i++) {
                    body.append(pieces[random.nextInt(pieces.length)]);
                }
                body.append(random.nextBoolean() ? "\r\n--b--" : "");
                var text = body.toString();
                var whole = outcome(text, 1 << 20);
                assertEquals(whole, outcome(text, 1), text);
                assertEquals(whole, outcome(text, 1 + random.nextInt(10)), text);
            }
        });
    }

    private static Object outcome(String body, int size) {
        try {
            return read(body, size);
        } catch (ClientPayloadException refused) {
            return refused.getMessage();
        }
    }
}
