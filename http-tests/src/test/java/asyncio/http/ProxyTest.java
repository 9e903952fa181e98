package asyncio.http;

import static org.junit.jupiter.api.Assertions.*;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Proxies as they are written down. */
class ProxyTest {

    @ParameterizedTest
    @CsvSource({
        "http://proxy, http://proxy:80",
        "HTTP://Proxy.Example/, http://proxy.example:80",
        "https://proxy, https://proxy:443",
        "socks4://proxy, socks4://proxy:1080",
        "socks4a://proxy:9050, socks4a://proxy:9050",
        "socks5://127.0.0.1, socks5://127.0.0.1:1080",
        "socks5h://[FD00::1]:99, socks5h://[fd00::1]:99",
        "http://my_proxy:3128, http://my_proxy:3128",
        "http://proxy:, http://proxy:80",
        "http://me:secret@proxy, http://proxy:80",
    })
    void urls(String given, String shown) {
        assertEquals(shown, Proxy.of(given).toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "proxy:3128",
                "ftp://proxy",
                "http://",
                "http://:80",
                "http://me:secret@",
                "http://me:secret@/",
                "http://me:secret@proxy:0",
                "http://me:secret@proxy:65536",
                "http://me:secret@proxy:+80",
                "http://me:secret@proxy:٨٠",
                "http://me:secret@proxy/path",
                "http://me:secret@proxy?query",
                "http://me:secret@proxy#fragment",
                "http://me:secret@pro xy",
                "http://me:secret@pröxy",
                "http://me:secret@[::1",
                "http://me:secret@::1",
                "http://me:secret@[proxy]",
                "http://me:secret@pro\r\nxy",
                "http://a%3Ab:secret@proxy",
                "socks4://me:secret@proxy",
                "socks5://:secret@proxy",
            })
    void urlsThatAreNone(String url) {
        var refused = assertThrows(IllegalArgumentException.class, () -> Proxy.of(url));
        assertFalse(refused.getMessage().contains("secret"), refused.getMessage());
    }

    @Test
    void userAndPassword() {
        var proxy = Proxy.of("http://m%65:p%40s%3as%25@proxy");
        assertEquals("me", proxy.user());
        assertEquals("p@s:s%", proxy.password());
        assertEquals("", Proxy.of("http://me@proxy").password());
        assertNull(Proxy.of("http://proxy").user());
        assertNull(Proxy.of("http://proxy").password());
        assertEquals("a@b", Proxy.of("http://a@b:c@proxy").user());
        assertFalse(proxy.toString().contains("p@s"));
        assertThrows(IllegalArgumentException.class, () -> proxy.withAuth("a:b", "c"));
        var socks = Proxy.of("socks5://proxy");
        assertThrows(IllegalArgumentException.class, () -> socks.withAuth("x".repeat(256), "c"));
        assertThrows(IllegalArgumentException.class, () -> socks.withAuth("x", "ä".repeat(128)));
        assertThrows(
                IllegalArgumentException.class,
                () -> Proxy.of("socks4a://proxy").withAuth("a\0b", ""));
        assertEquals("a:b", socks.withAuth("a:b", "c").user());
    }

    @Test
    void headers() {
        var proxy = Proxy.of("http://proxy").withHeader("X-A", "1").withHeader("x-a", "2");
        assertEquals(List.of(Map.entry("X-A", "1"), Map.entry("x-a", "2")), proxy.headers());
        assertThrows(IllegalArgumentException.class, () -> proxy.withHeader("", "1"));
        assertThrows(IllegalArgumentException.class, () -> proxy.withHeader("X A", "1"));
        assertThrows(IllegalArgumentException.class, () -> proxy.withHeader("X:A", "1"));
        assertThrows(IllegalArgumentException.class, () -> proxy.withHeader("X-A", "1\r\nX-B: 2"));
        assertThrows(IllegalArgumentException.class, () -> proxy.withHeader("X-A", "\u0000"));
        assertThrows(IllegalArgumentException.class, () -> proxy.withHeader("X-A", "\u20ac"));
        assertThrows(
                IllegalArgumentException.class, () -> Proxy.of("socks5://proxy").withHeader("X-A", "1"));
        assertThrows(UnsupportedOperationException.class, () -> proxy.headers().clear());
    }

    @Test
    void equality() {
        var proxy = Proxy.of("http://me:secret@proxy");
        assertEquals(proxy, Proxy.of("http://proxy:80").withAuth("me", "secret"));
        assertEquals(
                proxy.hashCode(),
                Proxy.of("http://proxy:80").withAuth("me", "secret").hashCode());
        assertNotEquals(proxy, Proxy.of("http://proxy"));
        assertNotEquals(proxy, Proxy.of("https://me:secret@proxy:80"));
        assertNotEquals(proxy, proxy.withHeader("X", "1"));
        var secure = Proxy.of("https://proxy");
        assertNotEquals(secure, secure.withTls(Tls.insecure()));
        assertEquals(secure.withTls(Tls.insecure()), secure.withTls(Tls.insecure()));
        assertThrows(IllegalArgumentException.class, () -> proxy.withTls(Tls.insecure()));
    }
}
