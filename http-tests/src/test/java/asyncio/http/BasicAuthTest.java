package asyncio.http;

import static org.junit.jupiter.api.Assertions.*;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** RFC 7617. */
class BasicAuthTest {

    @Test
    void theExamplesOfTheRfc() {
        assertEquals("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==", new BasicAuth("Aladdin", "open sesame").encode());
        // "test" and "123\u00a3" in UTF-8.
        assertEquals("Basic dGVzdDoxMjPCow==", new BasicAuth("test", "123\u00a3").encode());
        assertEquals(new BasicAuth("Aladdin", "open sesame"), BasicAuth.decode("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="));
    }

    @Test
    void otherCharsets() {
        var latin = new BasicAuth("test", "123\u00a3", StandardCharsets.ISO_8859_1);
        assertEquals("Basic dGVzdDoxMjOj", latin.encode());
        assertEquals(latin, BasicAuth.decode("basic   dGVzdDoxMjOj ", StandardCharsets.ISO_8859_1));
        var message = assertThrows(
                        IllegalArgumentException.class,
                        () -> new BasicAuth("test", "hunter\u4f60", StandardCharsets.ISO_8859_1).encode())
                .getMessage();
        assertFalse(message.contains("hunter"), message);
    }

    @Test
    void colons() {
        assertEquals(
                "a:b:", BasicAuth.decode(new BasicAuth("x", "a:b:").encode()).password());
        assertEquals(new BasicAuth("", ""), BasicAuth.decode("Basic Og=="));
        assertThrows(IllegalArgumentException.class, () -> new BasicAuth("a:b", "c"));
    }

    @Test
    void whatIsNoBasicHeader() {
        for (var header : List.of(
                "",
                "Basic",
                "Basic ",
                "Basicx QTpC",
                "Bearer QTpC",
                "Basic QTpCC",
                "Basic Q T p C",
                "Basic hunter2!",
                "Basic QUI=",
                "Basic /zr/")) {
            var message = assertThrows(IllegalArgumentException.class, () -> BasicAuth.decode(header), header)
                    .getMessage();
            assertFalse(message.contains("hunter2"), message);
        }
    }

    @Test
    void fromAUrl() {
        assertEquals(
                new BasicAuth("me", "se:c ret\u00e4"), BasicAuth.fromUrl(URI.create("http://me:se:c%20ret%C3%A4@h/")));
        assertEquals(new BasicAuth("me", ""), BasicAuth.fromUrl(URI.create("http://me@my_host:80/")));
        assertEquals(new BasicAuth("", "x"), BasicAuth.fromUrl(URI.create("http://:x@h/")));
        assertNull(BasicAuth.fromUrl(URI.create("http://h/@")));
        assertNull(BasicAuth.fromUrl(URI.create("/relative")));
        assertThrows(IllegalArgumentException.class, () -> BasicAuth.fromUrl(URI.create("http://a%3Ab:x@h/")));
    }

    @Test
    void thePasswordIsNotShown() {
        assertEquals("BasicAuth[login=me, password=\u2026, charset=UTF-8]", new BasicAuth("me", "hunter2").toString());
    }
}
