package asyncio.http;

import static asyncio.Asyncio.*;
import static asyncio.http.MultipartReaderTest.portions;
import static asyncio.http.PayloadTest.bytesOf;
import static asyncio.http.PayloadTest.pattern;
import static asyncio.http.PayloadTest.textOf;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.*;

import asyncio.AsyncGenerator;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Multipart bodies and forms of our own, and what a reader makes of them. */
@Timeout(240)
class MultipartWriterTest {
    @TempDir
    Path dir;

    private static MultipartReader readerOf(Payload body, int size) {
        return MultipartReader.of(body.contentType(), portions(bytesOf(body), size));
    }

    /** aiohttp: test_multipart_writer_close_with_exceptions. */
    @Test
    void closeClosesAllParts() {
        var closed = new ArrayList<String>();
        record Part(String name, List<String> closed) implements Payload {
            @Override
            public Long size() {
                return 0L;
            }

            @Override
            public String contentType() {
                return null;
            }

            @Override
            public boolean replayable() {
                return true;
            }

            @Override
            public asyncio.AsyncIterator<byte[]> chunks() {
                throw new UnsupportedOperationException();
            }

            @Override
            public void close() {
                closed.add(name);
                if (!name.equals("two")) {
                    throw new IllegalStateException(name);
                }
            }
        }
        var writer = MultipartWriter.create("mixed");
        var form = FormData.create();
        for (var name : List.of("one", "two", "three")) {
            writer.append(new Part(name, closed));
            form.part(name, new Part(name, closed));
        }
        for (Payload body : List.of(writer, form)) {
            closed.clear();
            var failure = assertThrows(IllegalStateException.class, body::close);
            assertEquals(List.of("one", "two", "three"), closed);
            assertEquals("one", failure.getMessage());
            assertEquals("three", failure.getSuppressed()[0].getMessage());
        }
    }

    @Test
    void partsOfEveryKind() {
        run(() -> {
            var writer = MultipartWriter.create("mixed", "b")
                    .append(Payload.ofText("caf\u00e9"))
                    .append(Payload.ofBytes("x".getBytes(UTF_8)).withContentType(null), Map.of("X-A", "1"))
                    .appendJson(List.of(1))
                    .appendForm(List.of(Map.entry("a", "b c")))
                    .append(Payload.ofBytes("png".getBytes(UTF_8)).withFilename("a \"b\"\u00e4.PNG"))
                    .append(Payload.ofText("y").withHeader("X-B", "2"), Map.of("content-type", "text/x"));
            var expected = "--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\ncaf\u00e9\r\n"
                    + "--b\r\nX-A: 1\r\n\r\nx\r\n"
                    + "--b\r\nContent-Type: application/json\r\n\r\n[1]\r\n"
                    + "--b\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\na=b+c\r\n"
                    + "--b\r\nContent-Type: image/png\r\n"
                    + "Content-Disposition: attachment; filename=\"a \\\"b\\\"_.PNG\"; filename*=UTF-8''a%20%22b%22%C3%A4.PNG\r\n\r\npng\r\n"
                    + "--b\r\ncontent-type: text/x\r\nX-B: 2\r\n\r\ny\r\n"
                    + "--b--\r\n";
            assertEquals("multipart/mixed; boundary=b", writer.contentType());
            assertEquals("b", writer.boundary());
            assertEquals(6, writer.partCount());
            assertEquals(expected.getBytes(UTF_8).length, writer.size());
            assertTrue(writer.replayable());
            assertEquals(expected, textOf(writer));
            assertEquals(expected, textOf(writer));
            assertThrows(IllegalStateException.class, () -> writer.append(Payload.ofText("late")));

            var empty = MultipartWriter.create("mixed", "b");
            assertEquals("--b--\r\n", textOf(empty));
        });
    }

    @Test
    void boundaries() {
        assertNotEquals(
                MultipartWriter.create().boundary(), MultipartWriter.create().boundary());
        assertTrue(MultipartWriter.create().boundary().matches("[0-9a-f]{32}"));
        assertEquals(
                "multipart/mixed; boundary=\"a b'()+_,-./:=?\"",
                MultipartWriter.create("mixed", "a b'()+_,-./:=?").contentType());
        MultipartWriter.create("mixed", "b".repeat(70));
        for (var bad : List.of("", "b".repeat(71), "a ", "a\"", "a\r\nb", "\u00e4", "a;b", "a\\b", "a*b")) {
            assertThrows(IllegalArgumentException.class, () -> MultipartWriter.create("mixed", bad), bad);
        }
        for (var bad : List.of("", "a b", "a\r\nX: y", "a;b", "a/b")) {
            assertThrows(IllegalArgumentException.class, () -> MultipartWriter.create(bad), bad);
        }
    }

    @Test
    void nothingGetsIntoTheHeaders() {
        var writer = MultipartWriter.create();
        var text = Payload.ofText("x");
        for (var bad : List.of("a\r\nX: y", "a\nb", "a\rb", "a\0", "\u007f")) {
            assertThrows(IllegalArgumentException.class, () -> writer.append(text, Map.of("X-A", bad)));
            assertThrows(IllegalArgumentException.class, () -> writer.append(text, Map.of(bad, "x")));
            assertThrows(IllegalArgumentException.class, () -> writer.append(new Described(bad, null, Map.of())));
            assertThrows(IllegalArgumentException.class, () -> writer.append(new Described(null, bad, Map.of())));
            assertThrows(
                    IllegalArgumentException.class, () -> writer.append(new Described(null, null, Map.of("a", bad))));
            assertThrows(
                    IllegalArgumentException.class, () -> writer.append(new Described(null, null, Map.of(bad, "a"))));
            for (var form : List.of(FormData.create(), FormData.create().multipart())) {
                assertThrows(IllegalArgumentException.class, () -> form.field(bad, "x"));
                assertThrows(IllegalArgumentException.class, () -> form.field("x", "y", bad));
                assertThrows(IllegalArgumentException.class, () -> form.bytes(bad, "x", new byte[0]));
                assertThrows(IllegalArgumentException.class, () -> form.bytes("x", bad, new byte[0]));
                assertThrows(IllegalArgumentException.class, () -> form.file("x", Path.of("a"), bad));
                assertThrows(IllegalArgumentException.class, () -> form.file("x", Path.of("a"), "a", bad));
                assertThrows(IllegalArgumentException.class, () -> form.part("x", new Described(bad, null, Map.of())));
                assertThrows(IllegalArgumentException.class, () -> form.part("x", new Described(null, bad, Map.of())));
            }
        }
        assertEquals(0, writer.partCount());
        // Within a value everything is allowed.
        FormData.create().field("a", "\r\n\0");
    }

    /** A body of the user's own, which says about itself what it likes. */
    private record Described(String contentType, String filename, Map<String, String> headers) implements Payload {
        @Override
        public Long size() {
            return 2L;
        }

        @Override
        public boolean replayable() {
            return true;
        }

        @Override
        public AsyncGenerator<byte[]> chunks() {
            return asyncGenerator(out -> {
                out.yield("a".getBytes(UTF_8));
                out.yield(new byte[0]);
                out.yield("b".getBytes(UTF_8));
            });
        }
    }

    @Test
    void aPayloadOfTheUsersOwn() {
        run(() -> {
            var writer = MultipartWriter.create("mixed", "b").append(new Described("a/b", "c", Map.of("X-A", "1")));
            var expected =
                    "--b\r\nContent-Type: a/b\r\nX-A: 1\r\nContent-Disposition: attachment; filename=\"c\"\r\n\r\nab\r\n--b--\r\n";
            assertEquals(expected, textOf(writer));
            assertEquals(expected.length(), writer.size());
            assertEquals("ab", textOf(new Described("a/b", null, Map.of()).withContentType("c/d")));
        });
    }

    @Test
    void sizeAndReplayAreThoseOfTheParts() {
        run(() -> {
            var closed = new ArrayList<String>();
            var stream = new ByteArrayInputStream("abc".getBytes(UTF_8)) {
                @Override
                public void close() {
                    closed.add("closed");
                }
            };
            var writer = MultipartWriter.create("mixed", "b")
                    .append(Payload.ofText("x"))
                    .append(Payload.ofInputStream(stream));
            assertNull(writer.size());
            assertFalse(writer.replayable());
            assertTrue(textOf(writer).endsWith("\r\n\r\nabc\r\n--b--\r\n"));
            assertEquals(List.of("closed"), closed);
            assertThrows(IllegalStateException.class, () -> bytesOf(writer));

            var unused = new ByteArrayInputStream(new byte[1]) {
                @Override
                public void close() {
                    closed.add("unused");
                }
            };
            var early = MultipartWriter.create().append(Payload.ofInputStream(unused));
            early.close();
            await(toThread(() -> null));
        });
    }

    @Test
    void filesWithinABody() throws Exception {
        var content = pattern(600_000);
        var file = Files.write(dir.resolve("photo.jpeg"), content);
        run(() -> {
            var form = FormData.create()
                    .field("a", "1")
                    .file("f", file)
                    .file("g", file, "other.json")
                    .file("h", file, "x.png", "application/octet-stream");
            var bytes = bytesOf(form);
            assertEquals(bytes.length, form.size());
            assertTrue(form.replayable());
            var types = new ArrayList<String>();
            var names = new ArrayList<String>();
            for (var part : each(MultipartReader.of(form.contentType(), portions(bytes, 10_000)))) {
                types.add(part.contentType());
                names.add(part.name() + " " + part.filename());
                assertArrayEquals(part.name().equals("a") ? "1".getBytes(UTF_8) : content, await(part.read()));
            }
            assertEquals(List.of("text/plain", "image/jpeg", "application/json", "application/octet-stream"), types);
            assertEquals(List.of("a null", "f photo.jpeg", "g other.json", "h x.png"), names);
            assertArrayEquals(bytes, bytesOf(form));
        });
    }

    @Test
    void aFileThatChangesBeforeItsTurnIsAnError() throws Exception {
        var file = Files.write(dir.resolve("a.bin"), pattern(10));
        run(() -> {
            var writer = MultipartWriter.create()
                    .append(Payload.ofBytes(pattern(100_000)))
                    .append(Payload.ofFile(file));
            var chunks = writer.chunks();
            await(chunks.anext());
            Files.write(file, pattern(11));
            var error = assertThrows(ClientPayloadException.class, () -> {
                while (true) {
                    await(chunks.anext());
                }
            });
            assertTrue(
                    error.getMessage().contains("a.bin") && error.getMessage().contains("10 bytes"),
                    error.getMessage());
        });
    }

    @Test
    void encodedParts() {
        run(() -> {
            var content = pattern(100_000);
            var text = "caf\u00e9 = \r\n\t line \n\r trailing \t\r\n.\r\n".repeat(50);
            for (var headers : List.of(
                    Map.of("Content-Encoding", "gzip"),
                    Map.of("Content-Encoding", "deflate"),
                    Map.of("Content-Transfer-Encoding", "base64"),
                    Map.of("Content-Transfer-Encoding", "quoted-printable"),
                    Map.of("Content-Encoding", "gzip", "content-transfer-encoding", "Base64"),
                    Map.of("Content-Transfer-Encoding", "binary"))) {
                AsyncGenerator<byte[]> slow = portions(content, 777);
                var writer = MultipartWriter.create()
                        .append(Payload.ofBytes(content), headers)
                        .append(Payload.ofStream(slow), headers)
                        .append(Payload.ofText(text), headers);
                var reader = readerOf(writer, 5000);
                assertArrayEquals(content, await(await(reader.next()).read(true)), headers.toString());
                assertArrayEquals(content, await(await(reader.next()).read(true)), headers.toString());
                assertEquals(text, await(await(reader.next()).text()), headers.toString());
            }
            var writer = MultipartWriter.create("mixed", "b")
                    .append(Payload.ofText("x"), Map.of("Content-Encoding", "gzip"));
            assertNull(writer.size());
            for (var bad : List.of(Map.of("Content-Encoding", "br"), Map.of("Content-Transfer-Encoding", "uuencode"))) {
                assertThrows(IllegalArgumentException.class, () -> writer.append(Payload.ofText("x"), bad));
            }
            for (var coding : List.of("Content-Encoding", "content-transfer-encoding")) {
                assertThrows(
                        IllegalArgumentException.class,
                        () -> FormData.create().part("a", Payload.ofText("x").withHeader(coding, "gzip")));
            }
        });
    }

    @Test
    void quotedPrintableKeepsItsLinesShort() {
        run(() -> {
            var writer = MultipartWriter.create("mixed", "b")
                    .append(
                            Payload.ofText("a = b\u00e9 \r\nc\t".repeat(1) + "x".repeat(200)),
                            Map.of("Content-Transfer-Encoding", "quoted-printable"));
            var text = textOf(writer);
            assertTrue(text.contains("a =3D b=C3=A9=20\r\nc\tx"), text);
            for (var line : text.split("\r\n")) {
                assertTrue(line.length() <= 76, line);
            }
        });
    }

    @Test
    void partsWithinParts() {
        run(() -> {
            var inner = MultipartWriter.create("related")
                    .append(Payload.ofText("x"))
                    .append(Payload.ofText("y"));
            var outer = MultipartWriter.create().append(inner).append(Payload.ofText("z"));
            assertEquals(bytesOf(outer).length, outer.size());
            var reader = readerOf(outer, 3);
            var nested = await(reader.next()).multipart();
            assertEquals("x", await(await(nested.next()).text()));
            assertEquals("y", await(await(nested.next()).text()));
            assertNull(await(nested.next()));
            assertEquals("z", await(await(reader.next()).text()));
            assertNull(await(reader.next()));
            assertThrows(
                    IllegalArgumentException.class,
                    () -> MultipartWriter.create("mixed", "b").append(MultipartWriter.create("mixed", "b")));
        });
    }

    @Test
    void formsThatNeedNoMultipart() {
        run(() -> {
            var form = FormData.create().field("a b", "\u00e4&").fields(Map.of("c", "d"));
            assertFalse(form.isMultipart());
            assertEquals("application/x-www-form-urlencoded", form.contentType());
            assertEquals(17, form.size());
            assertEquals("a+b=%C3%A4%26&c=d", textOf(form));
            assertThrows(IllegalStateException.class, () -> form.field("late", "x"));
            var latin = FormData.create().field("\u00e4", "\u00e4").charset(ISO_8859_1);
            assertEquals("application/x-www-form-urlencoded; charset=iso-8859-1", latin.contentType());
            assertEquals("%E4=%E4", textOf(latin));
        });
    }

    @Test
    void formsAsBrowsersSendThem() {
        run(() -> {
            var form = FormData.create()
                    .field("na\"me\u00e4", "va\r\nlue\u00e4")
                    .field("j", "{}", "application/json")
                    .field("l", "\u00e4", "text/plain; charset=iso-8859-1")
                    .bytes("f", "\u00e4\"\\.txt", "x".getBytes(UTF_8));
            assertTrue(form.isMultipart());
            var boundary = form.contentType().replaceFirst("multipart/form-data; boundary=", "");
            var expected = ("--b\r\nContent-Disposition: form-data; name=\"na%22me\u00e4\"\r\n\r\nva\r\nlue\u00e4\r\n"
                            + "--b\r\nContent-Type: application/json\r\nContent-Disposition: form-data; name=\"j\"\r\n\r\n{}\r\n"
                            + "--b\r\nContent-Type: text/plain; charset=iso-8859-1\r\nContent-Disposition: form-data; name=\"l\"\r\n\r\n\uFFFD\r\n"
                            + "--b\r\nContent-Type: text/plain\r\nContent-Disposition: form-data; name=\"f\"; filename=\"\u00e4%22\\.txt\"\r\n\r\nx\r\n"
                            + "--b--\r\n")
                    .replace("--b", "--" + boundary);
            var sent = textOf(form)
                    .replaceAll("\r\n(Content-Disposition: [^\r]*)\r\n(Content-Type: [^\r]*)", "\r\n$2\r\n$1");
            assertEquals(expected, sent);
            var reader = readerOf(form, 1);
            assertEquals("va\r\nlue\u00e4", await(await(reader.next()).text()));
            await(reader.next());
            assertEquals("\u00e4", await(await(reader.next()).text()));
            assertThrows(
                    IllegalArgumentException.class,
                    () -> FormData.create().field("a", "b", "text/plain; charset=klingon"));

            var plain = FormData.create().field("a", "b").multipart();
            assertTrue(plain.isMultipart());
            assertEquals("b", await(await(readerOf(plain, 1).next()).text()));
            var latin =
                    FormData.create().field("a", "\u00e4").charset(ISO_8859_1).multipart();
            assertEquals("\u00e4", await(await(readerOf(latin, 1).next()).text()));
        });
    }

    /** What is written is read back, wherever it is cut. */
    @Test
    void roundTrips() {
        run(() -> {
            var random = new Random(7);
            var pieces = new String[] {"\r\n", "--", "-", "b", "\r", "\n", "--bb", "\r\n--b", "x", "\0", "\u00e4", " "};
            for (int round = 0; round < 40 / Integer.getInteger("asyncio.tests.divisor", 1); round++) {
                var boundary = "b".repeat(1 + random.nextInt(70)) + "Z";
                boundary = boundary.substring(Math.max(0, boundary.length() - 70));
                var writer = MultipartWriter.create("mixed", boundary);
                var contents = new ArrayList<String>();
                int count = random.nextInt(4);
                for (int i = 0; i < count; i++) {
                    var content = new StringBuilder();
                    for (int k = random.nextInt(12); k > 0; k--) {
                        content.append(pieces[random.nextInt(pieces.length)]);
                    }
                    contents.add(content.toString());
                    writer.append(Payload.ofText(content.toString()), Map.of("X-N", "" + i));
                }
                var bytes = bytesOf(writer);
                assertEquals(bytes.length, writer.size());
                for (int cut = 0; cut <= bytes.length; cut++) {
                    int at = cut;
                    AsyncGenerator<byte[]> halves = asyncGenerator(out -> {
                        out.yield(java.util.Arrays.copyOfRange(bytes, 0, at));
                        out.yield(java.util.Arrays.copyOfRange(bytes, at, bytes.length));
                    });
                    var read = new ArrayList<String>();
                    for (var part : each(MultipartReader.of(writer.contentType(), halves))) {
                        assertEquals("" + read.size(), part.headers().get("x-n"));
                        read.add(await(part.text()));
                    }
                    assertEquals(contents, read);
                }
            }
        });
    }
}
