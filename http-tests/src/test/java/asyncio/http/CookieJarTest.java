package asyncio.http;

import static asyncio.Asyncio.*;
import static org.junit.jupiter.api.Assertions.*;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The rules of RFC 6265: who may set which cookie, and who gets it. */
@Timeout(240)
class CookieJarTest {
    private static final Instant START = Instant.parse("2030-01-01T00:00:00Z");

    private final WallClock clock = new WallClock();
    private final CookieJar jar = CookieJar.builder().clock(clock).build();

    @Test
    void aCookieGoesBackToItsHostAlone() {
        set("http://www.example.com/", "a=1");
        assertEquals("a=1", sent("http://www.example.com/"));
        assertEquals("a=1", sent("http://www.example.com/deep/er?q=1#f"));
        assertEquals("a=1", sent("https://WWW.Example.com:8443/"));
        assertEquals("a=1", sent("ws://www.example.com/"));
        assertEquals("a=1", sent("http://www.example.com./"));
        assertEquals("", sent("http://example.com/"));
        assertEquals("", sent("http://sub.www.example.com/"));
        assertEquals("", sent("http://other.com/"));
        var cookie = jar.iterator().next();
        assertEquals("www.example.com", cookie.domain());
        assertTrue(cookie.hostOnly());
        assertEquals("/", cookie.path());
        assertNull(cookie.expires());
    }

    @Test
    void aCookieForADomainGoesToAllBelowIt() {
        set("http://www.example.com/", "a=1; Domain=example.com", "b=2; Domain=.EXAMPLE.com");
        assertEquals("a=1; b=2", sent("http://example.com/"));
        assertEquals("a=1; b=2", sent("http://www.example.com/"));
        assertEquals("a=1; b=2", sent("http://x.y.example.com/"));
        assertEquals("", sent("http://notexample.com/"));
        assertEquals("", sent("http://example.com.evil.org/"));
        assertFalse(jar.iterator().next().hostOnly());
    }

    @Test
    void nobodySetsCookiesForOthers() {
        set("http://evil.org/", "a=1; Domain=example.com", "b=1; Domain=sub.evil.org", "c=1; Domain=vil.org");
        set("http://a.example.com/", "d=1; Domain=b.example.com", "e=1; Domain=a.example.com.");
        set("http://example.com/", "f=1; Domain=bank.example.com", "g=1; Domain=\u0000", "h=1; Domain=*.example.com");
        assertEquals("", sent("http://example.com/"));
        assertEquals("", sent("http://b.example.com/"));
        assertEquals("", sent("http://sub.evil.org/"));
        // A domain with a dot at its end counts for nothing.
        assertEquals("e=1", sent("http://a.example.com/"));
        assertEquals(1, jar.size());
    }

    @Test
    void publicSuffixesHaveNoCookies() {
        set("http://shop.co.uk/", "a=1; Domain=co.uk", "b=1; Domain=uk", "c=1; Domain=shop.co.uk");
        set("http://me.github.io/", "d=1; Domain=github.io");
        set("http://x.y.kawasaki.jp/", "e=1; Domain=y.kawasaki.jp", "f=1; Domain=x.y.kawasaki.jp");
        set("http://www.city.kawasaki.jp/", "g=1; Domain=city.kawasaki.jp");
        set("http://server.corp/", "h=1; Domain=corp");
        set("http://www.b\u00fccher.example/", "i=1; Domain=b\u00fccher.example", "j=1; Domain=XN--BCHER-KVA.example");
        set("http://shop.\u516c\u53f8.cn/", "k=1; Domain=\u516c\u53f8.cn");
        assertEquals("c=1", sent("http://shop.co.uk/"));
        assertEquals("", sent("http://other.co.uk/"));
        assertEquals("", sent("http://you.github.io/"));
        assertEquals("f=1", sent("http://a.x.y.kawasaki.jp/"));
        assertEquals("g=1", sent("http://city.kawasaki.jp/"));
        assertEquals("", sent("http://other.corp/"));
        assertEquals("i=1; j=1", sent("http://xn--bcher-kva.example/"));
        assertEquals("", sent("http://other.\u516c\u53f8.cn/"));
        assertEquals(5, jar.size());
    }

    @Test
    void aPublicSuffixMaySetCookiesForItselfAlone() {
        set("http://github.io/", "a=1; Domain=github.io");
        set("http://localhost/", "b=1; Domain=localhost");
        assertEquals("a=1", sent("http://github.io/"));
        assertEquals("", sent("http://me.github.io/"));
        assertEquals("b=1", sent("http://localhost/"));
        assertEquals("", sent("http://x.localhost/"));
    }

    @Test
    void theCheckOfPublicSuffixesCanBeSwitchedOff() {
        var lax = CookieJar.builder().checkPublicSuffixes(false).build();
        lax.updateCookiesFromHeaders(List.of("a=1; Domain=corp"), URI.create("http://server.corp/"));
        assertEquals("a=1", sent(lax, "http://other.corp/"));
    }

    @Test
    void hostsWithoutANameHaveNoCookies() {
        for (var host : List.of("127.0.0.1", "[::1]", "[::ffff:1.2.3.4]")) {
            set("http://" + host + "/", "a=1", "b=2; Domain=" + host);
            assertEquals("", sent("http://" + host + "/"), host);
        }
        assertEquals(0, jar.size());

        var unsafe = CookieJar.builder().unsafe(true).build();
        for (var host : List.of("127.0.0.1", "[::1]")) {
            unsafe.updateCookiesFromHeaders(
                    List.of("a=1", "b=2; Domain=127.0.0.1", "c=3; Domain=0.0.1", "d=4; Domain=1"),
                    URI.create("http://" + host + ":8080/"));
        }
        assertEquals("a=1; b=2", sent(unsafe, "http://127.0.0.1/"));
        assertEquals("a=1", sent(unsafe, "http://[::1]/"));
        assertEquals("", sent(unsafe, "http://1.127.0.0.1.example.com/"));
        assertEquals("", sent(unsafe, "http://227.0.0.1/"));
    }

    @Test
    void pathsMatchWholeNames() {
        set("http://h.com/", "a=1; Path=/docs", "b=2; Path=/docs/");
        assertEquals("", sent("http://h.com/"));
        assertEquals("a=1", sent("http://h.com/docs"));
        assertEquals("b=2; a=1", sent("http://h.com/docs/"));
        assertEquals("b=2; a=1", sent("http://h.com/docs/x"));
        assertEquals("", sent("http://h.com/docsx"));
        assertEquals("", sent("http://h.com/Docs"));
        assertEquals("a=1", sent("http://h.com/docs?x"));
    }

    @Test
    void withoutAPathItIsTheDirectoryOfTheUrl() {
        var paths = Map.of("", "/", "/", "/", "/x", "/", "/x/", "/x", "/x/y", "/x", "/x/y/z?q=/a/b", "/x/y");
        paths.forEach((path, expected) -> {
            jar.clear();
            set("http://h.com" + path, "a=1", "b=2; Path=relative");
            jar.forEach(cookie -> assertEquals(expected, cookie.path(), path));
            assertEquals(2, jar.size());
        });
    }

    @Test
    void longerPathsComeFirstThenOlderCookies() {
        set("http://h.com/x/y/z", "a=1; Path=/", "b=2; Path=/x/y", "c=3; Path=/x", "d=4; Path=/x", "b=5; Path=/");
        assertEquals("b=2; c=3; d=4; a=1; b=5", sent("http://h.com/x/y"));
        // One that is set again keeps its age.
        set("http://h.com/x/y/z", "c=new; Path=/x", "a=new; Path=/");
        assertEquals("b=2; c=new; d=4; a=new; b=5", sent("http://h.com/x/y"));
    }

    @Test
    void namesAreCaseSensitiveAndGoByDomainAndPath() {
        set("http://www.example.com/", "a=1", "A=2", "a=3; Domain=example.com", "a=4; Domain=www.example.com");
        // a=4 took the place of a=1: name, domain and path are the same.
        assertEquals("a=4; A=2; a=3", sent("http://www.example.com/"));
    }

    @Test
    void secureCookiesGoOverHttpsOnly() {
        set("https://h.com/", "a=1; Secure", "b=2");
        assertEquals("a=1; b=2", sent("https://h.com/"));
        assertEquals("a=1; b=2", sent("wss://h.com/"));
        assertEquals("b=2", sent("http://h.com/"));
        assertEquals("b=2", sent("ws://h.com/"));
        assertEquals("b=2", sent("http://h.com:443/"));
    }

    @Test
    void httpSetsNoSecureCookies() {
        set("http://h.com/", "a=1; Secure");
        assertEquals("", sent("https://h.com/"));
    }

    @Test
    void httpReplacesNoSecureCookies() {
        set("https://www.h.com/x/", "sid=good; Secure; Path=/x", "other=1");
        set("http://www.h.com/", "sid=evil; Path=/x");
        set("http://www.h.com/", "sid=evil; Path=/x/y");
        set("http://www.h.com/", "sid=evil; Path=/x; Domain=h.com");
        set("http://www.h.com/", "sid=; Path=/x; Max-Age=0");
        assertEquals("sid=good; other=1", sent("https://www.h.com/x/y/"));
        // It does not stand before one for a deeper path, and another name is another cookie.
        set("http://www.h.com/", "sid=other; Path=/", "SID=2; Path=/x", "other=2; Path=/x");
        assertEquals("sid=good; other=2; SID=2; sid=other", sent("https://www.h.com/x"));
        set("https://www.h.com/", "sid=new; Path=/x");
        assertTrue(sent("https://www.h.com/x").contains("sid=new"));
    }

    @Test
    void anOriginMayBeTrustedLikeHttps() {
        var trusting = CookieJar.builder()
                .treatAsSecureOrigin(URI.create("http://localhost:8080"))
                .treatAsSecureOrigin(URI.create("ws://intranet.example.com/path"))
                .build();
        for (var origin : List.of("http://localhost:8080", "http://localhost:8081", "http://intranet.example.com")) {
            trusting.updateCookiesFromHeaders(List.of("p" + origin.length() + "=1; Secure"), URI.create(origin));
        }
        assertEquals("p21=1", sent(trusting, "http://localhost:8080/"));
        assertEquals("", sent(trusting, "http://localhost:8081/"));
        assertEquals("p21=1", sent(trusting, "https://localhost/"));
        assertEquals("p27=1", sent(trusting, "ws://intranet.example.com/"));
    }

    @Test
    void someNamesAskForMore() {
        set(
                "https://www.h.com/dir/x",
                "__Secure-a=1; Secure",
                "__Secure-b=1",
                "__secure-c=1",
                "__Host-d=1; Secure; Path=/",
                "__Host-e=1; Secure",
                "__Host-f=1; Secure; Path=/dir",
                "__Host-g=1; Secure; Path=/; Domain=www.h.com",
                "__Host-h=1; Path=/",
                "__HOST-i=1; Secure; Path=/; Domain=h.com",
                "__Hostile=1");
        set("http://www.h.com/", "__Host-d=evil; Secure; Path=/", "__Host-d=evil; Path=/", "__Secure-z=1; Secure");
        assertEquals("__Secure-a=1; __Hostile=1; __Host-d=1", sent("https://www.h.com/dir/"));
    }

    @Test
    void cookiesEnd() {
        set("http://h.com/", "a=1; Max-Age=60", "b=2; Expires=Tue, 01 Jan 2030 00:02:00 GMT", "c=3");
        set("http://h.com/", "d=4; Max-Age=60; Expires=Thu, 01 Jan 1970 00:00:00 GMT");
        set("http://h.com/", "e=5; Max-Age=x; Expires=Tue, 01 Jan 2030 00:02:00 GMT", "f=6; Expires=soon");
        assertEquals("a=1; b=2; c=3; d=4; e=5; f=6", sent("http://h.com/"));
        assertEquals(START.plusSeconds(60), jar.iterator().next().expires());
        assertNull(jar.iterator().next().maxAge());
        clock.pass(Duration.ofMillis(59_999));
        assertEquals(6, jar.size());
        clock.pass(Duration.ofMillis(1));
        assertEquals("b=2; c=3; e=5; f=6", sent("http://h.com/"));
        assertEquals(4, jar.size());
        clock.pass(Duration.ofSeconds(60));
        assertEquals("c=3; f=6", sent("http://h.com/"));
        clock.pass(Duration.ofDays(100_000));
        assertEquals("c=3; f=6", sent("http://h.com/"));
    }

    @Test
    void aCookieThatHasEndedRemovesItsLikeOnly() {
        set("http://www.h.com/", "a=1", "b=2", "c=3; Domain=h.com", "d=4; Path=/x", "e=5");
        set(
                "http://www.h.com/",
                "a=; Max-Age=0",
                "b=; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
                "c=; Max-Age=-1",
                "d=; Max-Age=0",
                "none=; Max-Age=0");
        assertEquals("d=4; c=3; e=5", sent("http://www.h.com/x"));
        set("http://www.h.com/", "c=; Max-Age=0; Domain=h.com", "d=; Max-Age=0; Path=/x");
        assertEquals("e=5", sent("http://www.h.com/x"));
    }

    @Test
    void datesFarAwayAreNoProblem() {
        set(
                "http://h.com/",
                "a=1; Max-Age=9223372036854775807",
                "b=2; Max-Age=99999999999999999999",
                "c=3; Expires=Fri, 31 Dec 9999 23:59:59 GMT",
                "d=4; Expires=Mon, 01 Jan 1601 00:00:00 GMT");
        assertEquals("a=1; b=2; c=3", sent("http://h.com/"));
        var far = Cookie.builder("e", "5").expires(Instant.MAX).build();
        var past = Cookie.builder("f", "6").expires(Instant.MIN).build();
        var long_ = Cookie.builder("g", "7")
                .maxAge(Duration.ofSeconds(Long.MAX_VALUE))
                .build();
        jar.updateCookies(List.of(far, past, long_), URI.create("http://h.com/"));
        assertEquals("a=1; b=2; c=3; e=5; g=7", sent("http://h.com/"));
    }

    @Test
    void valuesGoBackAsTheyCame() {
        var values = List.of(
                "\"quoted value\"",
                "\"a\\\"b\\054c\"",
                "{\"json\":[1,2]}",
                "\"unmatched",
                "a=b=",
                "",
                "caf\u00e9",
                "a b",
                "%20");
        for (var value : values) {
            set("http://h.com/", "a=" + value);
            assertEquals("a=" + value, sent("http://h.com/"));
        }
        set("http://h.com/", "a=1", "PL{A7F5-4F}=x; Path=/", "rubbish", "b=\u0001", "=c", "d[e]=2");
        assertEquals("a=1; PL{A7F5-4F}=x; d[e]=2", sent("http://h.com/"));
    }

    @Test
    void theUsersOwnCookies() {
        jar.updateCookies(Map.of("a", "x y"), URI.create("http://h.com/dir/page"));
        assertEquals("a=\"x y\"", sent("http://h.com/dir/"));
        assertEquals("", sent("http://h.com/"));
        assertEquals("", sent("http://other.com/dir/"));
        assertEquals("x y", jar.iterator().next().value());

        var plain = CookieJar.builder().quoteCookie(false).build();
        plain.updateCookies(Map.of("a", "x, \"y\""), URI.create("http://h.com/"));
        assertEquals("a=x, \"y\"", sent(plain, "http://h.com/"));
        for (var value : List.of("a;b", "a\r\nX: y", "\u0000")) {
            var bad = Map.of("b", value);
            assertThrows(
                    IllegalArgumentException.class, () -> plain.updateCookies(bad, URI.create("http://h.com/")), value);
            assertThrows(IllegalArgumentException.class, () -> plain.updateSharedCookies(bad), value);
        }
        var bad = Map.of("a b;", "1");
        assertThrows(IllegalArgumentException.class, () -> jar.updateCookies(bad, URI.create("http://h.com/")));
    }

    @Test
    void cookiesWithAttributesOfTheUsersOwn() {
        var url = URI.create("https://www.example.com/a/b");
        jar.updateCookies(
                List.of(
                        Cookie.builder("a", "1").domain("example.com").path("/").build(),
                        Cookie.builder("b", "2")
                                .domain("www.example.com")
                                .hostOnly(true)
                                .build(),
                        Cookie.builder("c", "3")
                                .domain("example.com")
                                .hostOnly(true)
                                .build(),
                        Cookie.builder("d", "4").domain("other.com").build(),
                        Cookie.builder("e", "5").secure(true).path("/a").build()),
                url);
        assertEquals("b=2; e=5; a=1", sent("https://www.example.com/a/"));
        assertEquals("a=1", sent("https://example.com/a/"));
        assertEquals("a=1", sent("https://x.www.example.com/a/"));
    }

    @Test
    void urlsThatHaveNoCookies() {
        for (var url : List.of("/relative", "ftp://h.com/", "mailto:me", "http:///x", "http://h.com:99999/")) {
            var uri = URI.create(url);
            assertThrows(IllegalArgumentException.class, () -> jar.filterCookies(uri), url);
            assertThrows(IllegalArgumentException.class, () -> jar.updateCookies(Map.of("a", "1"), uri), url);
            assertThrows(
                    IllegalArgumentException.class, () -> CookieJar.builder().treatAsSecureOrigin(uri), url);
        }
        assertThrows(IllegalArgumentException.class, () -> CookieJar.builder().maxCookies(-1));
        assertThrows(IllegalArgumentException.class, () -> CookieJar.builder().maxCookiesPerDomain(-1));
        assertThrows(IllegalArgumentException.class, () -> CookieJar.builder().maxCookieSize(-1));
    }

    @Test
    void sharedCookiesGoToAllHosts() {
        jar.updateSharedCookies(Map.of("s", "1"));
        assertEquals("s=1", sent("http://example.com/x"));
        assertEquals("s=1", sent("http://127.0.0.1/"));
        assertEquals("s=1", sent("http://[::1]/"));
        // A server's own cookie of that name counts more.
        set("http://example.com/", "s=own");
        assertEquals("s=own", sent("http://example.com/x"));
        assertEquals("s=1", sent("http://other.com/"));
        assertNull(jar.iterator().next().domain());
        jar.clear(cookie -> cookie.domain() == null);
        assertEquals("", sent("http://other.com/"));
        assertEquals("s=own", sent("http://example.com/"));
    }

    @Test
    void noServerSharesACookieWithAllHosts() {
        set(
                "http://example.com/",
                "a=1; Domain=",
                "b=1; Domain=.",
                "c=1; Domain=..",
                "d=1; Domain=\"\"",
                "e=1; Domain= ");
        assertEquals("", sent("http://other.com/"));
    }

    /** What aiohttp 3.14 makes of them. */
    @Test
    void domainsWithSeveralDots() {
        set("http://www.example.com/", "a=1; Domain=..example.com", "b=1; Domain=..www.example.com");
        assertEquals("", sent("http://www.example.com/"));
        set("http://www.example.com/", "c=1; Domain=...");
        assertEquals("c=1", sent("http://www.example.com/"));
        assertEquals("", sent("http://example.com/"));
        set("http://www.example.com/", "d=1; Domain=..; Domain=example.com", "e=1; Domain=..x; Domain=example.com");
        assertEquals("d=1; e=1", sent("http://example.com/"));
    }

    /** RFC 6265, 5.2: a path goes on to the semicolon. aiohttp reads it as far as the blank. */
    @Test
    void aPathWithABlank() {
        set("http://example.com/", "a=1; Path=/ Expires", "b=2; Path=/x y; Secure");
        assertEquals("", sent("http://example.com/"));
        assertEquals("", sent("http://example.com/x"));
    }

    @Test
    void clearing() {
        set("http://example.com/", "a=1", "b=2; Domain=example.com");
        set("http://sub.example.com/", "c=3");
        set("http://notexample.com/", "d=4");
        jar.clear(cookie -> cookie.name().equals("a"));
        assertEquals("b=2", sent("http://example.com/"));
        jar.clearDomain("example.com");
        assertEquals(List.of("d"), names());
        jar.clearDomain(".NotExample.com");
        assertTrue(jar.isEmpty());
        set("http://example.com/", "a=1");
        jar.clear();
        assertEquals(0, jar.size());
        assertEquals("", sent("http://example.com/"));
    }

    @Test
    void iteratingIsNotDisturbedByChanges() {
        set("http://h.com/", "a=1", "b=2", "c=3");
        for (var cookie : jar) {
            jar.clear(c -> c.equals(cookie));
        }
        assertTrue(jar.isEmpty());
        set("http://h.com/", "a=1");
        var iterator = jar.iterator();
        iterator.next();
        assertThrows(UnsupportedOperationException.class, iterator::remove);
    }

    @Test
    void thereIsALimitForEachDomain() {
        var small = CookieJar.builder().maxCookiesPerDomain(3).clock(clock).build();
        var url = URI.create("http://h.com/");
        small.updateCookies(Map.of("other", "1"), URI.create("http://other.com/"));
        small.updateCookiesFromHeaders(List.of("a=1", "b=1; Path=/only", "c=1"), url);
        sent(small, "http://h.com/");
        small.updateCookiesFromHeaders(List.of("d=1"), url);
        assertEquals("a=1; c=1; d=1", sent(small, "http://h.com/only"));
        small.updateCookiesFromHeaders(List.of("a=2", "e=1; Max-Age=0"), url);
        assertEquals("a=2; c=1; d=1", sent(small, "http://h.com/only"));
        assertEquals("other=1", sent(small, "http://other.com/"));
    }

    @Test
    void thereIsALimitForAll() {
        var small = CookieJar.builder().maxCookies(100).maxCookiesPerDomain(0).build();
        small.updateCookies(Map.of("keep", "1"), URI.create("http://h.com/"));
        for (int i = 0; i < 500; i++) {
            small.updateCookiesFromHeaders(List.of("a" + i + "=1"), URI.create("http://h" + i + ".evil.org/"));
            assertEquals("keep=1", sent(small, "http://h.com/"));
        }
        assertEquals(100, small.size());
    }

    @Test
    void largeCookiesAreRefused() {
        set("http://h.com/", "a=" + "x".repeat(4095), "b=" + "x".repeat(4096), "c=" + "\u00e4".repeat(2048));
        assertEquals(List.of("a"), names());
        var any = CookieJar.builder().maxCookieSize(0).build();
        any.updateCookiesFromHeaders(List.of("b=" + "x".repeat(100_000)), URI.create("http://h.com/"));
        assertEquals(1, any.size());
    }

    @Test
    void aJarThatKeepsNothing() {
        var dummy = CookieJar.dummy();
        dummy.updateCookies(Map.of("a", "1"), URI.create("http://h.com/"));
        dummy.updateCookiesFromHeaders(List.of("a=1"), URI.create("http://h.com/"));
        dummy.updateSharedCookies(Map.of("a", "1"));
        dummy.clear();
        dummy.clearDomain("h.com");
        assertTrue(dummy.isEmpty());
        assertFalse(dummy.iterator().hasNext());
        assertEquals(List.of(), dummy.filterCookies(URI.create("http://h.com/")));
    }

    @Test
    void manyThreadsMayUseAJar() throws Exception {
        var threads = new ArrayList<Thread>();
        var start = new CountDownLatch(1);
        for (int i = 0; i < 4; i++) {
            var host = "http://h" + i + ".com/";
            var thread = new Thread(() -> {
                try {
                    RawServer.await(start);
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
                for (int round = 0; round < 200; round++) {
                    set(host, "a" + round % 50 + "=" + round, "b=1; Max-Age=0");
                    sent(host);
                    names();
                }
            });
            threads.add(thread);
            thread.start();
        }
        start.countDown();
        for (var thread : threads) {
            thread.join();
        }
        assertEquals(200, jar.size());
        assertEquals(
                IntStream.range(0, 50).mapToObj(i -> "a" + i + "=" + (150 + i)).collect(Collectors.joining("; ")),
                sent("http://h3.com/"));
    }

    private void set(String url, String... headers) {
        jar.updateCookiesFromHeaders(List.of(headers), URI.create(url));
    }

    private String sent(String url) {
        return sent(jar, url);
    }

    private static String sent(CookieJar jar, String url) {
        return jar.filterCookies(URI.create(url)).stream()
                .map(cookie -> cookie.name() + "="
                        + (cookie.codedValue() == null ? coded(cookie.value()) : cookie.codedValue()))
                .collect(Collectors.joining("; "));
    }

    /** Enough of the rules for the values of this test. */
    private static String coded(String value) {
        return value.equals("x y") ? "\"x y\"" : value;
    }

    private List<String> names() {
        var names = new ArrayList<String>();
        jar.forEach(cookie -> names.add(cookie.name()));
        return names;
    }

    /** Stands still unless told. */
    private static final class WallClock extends Clock {
        private volatile Instant now = START;

        void pass(Duration time) {
            now = now.plus(time);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException();
        }
    }
}
