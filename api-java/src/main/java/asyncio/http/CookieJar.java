package asyncio.http;

import asyncio.CheckReturnValue;
import asyncio.Coroutine;
import asyncio.spi.HttpProvider;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the cookies that servers set, and knows which of them go along with a request. Python:
 * {@code aiohttp.CookieJar}; this interface is {@code aiohttp.abc.AbstractCookieJar}, and may be implemented.
 *
 * <p>The jars made here follow RFC 6265, and, where it is stricter, what is to follow it (RFC 6265bis). They may be
 * used from any thread, also by the sessions of several loops. Iterating gives the cookies that have not ended, as they
 * are at that moment.
 */
public interface CookieJar extends Iterable<Cookie> {

    /** A jar with the default settings. Python: {@code CookieJar()}. */
    static CookieJar create() {
        return builder().build();
    }

    /** Settings for a jar, all of them at their defaults. */
    static Builder builder() {
        return HttpProvider.get().cookieJar();
    }

    /** A jar that keeps nothing. Python: {@code aiohttp.DummyCookieJar()}. */
    static CookieJar dummy() {
        return DummyCookieJar.INSTANCE;
    }

    /**
     * Takes cookies, as if a response from this URL had set them: names with values, for the URL's host and the
     * directory of its path. Python: {@code update_cookies}.
     *
     * @param responseUrl an http, https, ws or wss URL
     * @throws IllegalArgumentException if a name or value cannot be sent, or if that is no such URL
     */
    default void updateCookies(Map<String, String> cookies, URI responseUrl) {
        var list = new ArrayList<Cookie>(cookies.size());
        cookies.forEach((name, value) -> list.add(Cookie.of(name, value)));
        updateCookies(list, responseUrl);
    }

    /**
     * Takes the cookies that a response from this URL has set. One that this URL may not set is left out: one for
     * another domain or for a public suffix such as {@code co.uk}, one that is {@code Secure} and did not come over
     * https, one whose name asks for more ({@code __Host-}, {@code __Secure-}) than it has, one that is too large. One
     * that has ended removes the one of its name, domain and path. Python: {@code update_cookies}.
     *
     * @param responseUrl an http, https, ws or wss URL
     * @throws IllegalArgumentException if a value cannot be sent, or if that is no such URL
     */
    void updateCookies(Iterable<Cookie> cookies, URI responseUrl);

    /**
     * Takes the cookies in these {@code Set-Cookie} headers of a response from this URL; what makes no sense is left
     * out. Python: {@code update_cookies_from_headers}.
     *
     * @param responseUrl an http, https, ws or wss URL
     * @throws IllegalArgumentException if that is no such URL
     */
    default void updateCookiesFromHeaders(List<String> setCookieHeaders, URI responseUrl) {
        updateCookies(Cookie.parse(setCookieHeaders), responseUrl);
    }

    /**
     * Takes cookies that go along with <em>every</em> request, to every host, over http too, and wherever a redirect
     * leads. Nothing secret belongs here. In aiohttp every cookie becomes such a one that is given without a URL.
     *
     * @throws IllegalArgumentException if a name or value cannot be sent
     * @throws UnsupportedOperationException if this jar has no such cookies
     */
    default void updateSharedCookies(Map<String, String> cookies) {
        throw new UnsupportedOperationException("This jar has no cookies for all hosts; use updateCookies with a URL");
    }

    /**
     * The cookies for a request to this URL, in the order in which they are sent: longer paths first, then older
     * cookies. Python: {@code filter_cookies}.
     *
     * @param requestUrl an http, https, ws or wss URL
     * @throws IllegalArgumentException if it is none
     */
    List<Cookie> filterCookies(URI requestUrl);

    /** Removes all. Python: {@code clear()}. */
    default void clear() {
        clear(cookie -> true);
    }

    /** Removes those for which this is true. Python: {@code clear(predicate)}. */
    void clear(Predicate<? super Cookie> which);

    /** Removes those of this domain and of all below it. Python: {@code clear_domain}. */
    default void clearDomain(String domain) {
        var suffix = "." + domain;
        clear(cookie -> {
            @Nullable String of = cookie.domain();
            return of != null && (of.equals(domain) || of.endsWith(suffix));
        });
    }

    /** How many there are. Python: {@code len(jar)}. */
    int size();

    /** Whether there are none. */
    default boolean isEmpty() {
        return size() == 0;
    }

    /**
     * Writes all cookies to a file, as JSON. Only its owner may read it, where the file system knows owners. It is
     * replaced as a whole: whoever reads it sees the old one or the new one, also if the program dies meanwhile. Runs
     * in the loop's pool of threads. Python: {@code save}, which blocks.
     *
     * <p>Awaiting it raises {@link java.io.IOException} if the file cannot be written, and
     * {@link UnsupportedOperationException} if this kind of jar has no file.
     */
    @CheckReturnValue
    default Coroutine<@Nullable Void> save(Path file) {
        throw new UnsupportedOperationException("This jar cannot be saved; iterate over its cookies instead");
    }

    /**
     * Replaces all cookies by those that {@link #save} wrote, except those that have ended. Runs in the loop's pool of
     * threads. Python: {@code load}, which blocks.
     *
     * <p>Awaiting it raises {@link java.io.IOException} if the file cannot be read or is no such file; the jar is then
     * as it was.
     */
    @CheckReturnValue
    default Coroutine<@Nullable Void> load(Path file) {
        throw new UnsupportedOperationException("This jar cannot be loaded; use updateCookies instead");
    }

    /** The settings of a jar. Its methods change this object and return it. */
    interface Builder {

        /**
         * Whether hosts without a name, but with an IP address, may set cookies and get them; false unless set. Python:
         * {@code unsafe}.
         */
        Builder unsafe(boolean unsafe);

        /**
         * Whether values that a program gives are put in quotes where they have characters that may not stand in a
         * cookie; true unless set. Otherwise they are sent as they are, and refused if that cannot be. What a server
         * has set is always sent back as it came. Python: {@code quote_cookie}.
         */
        Builder quoteCookie(boolean quoteCookie);

        /**
         * Adds an origin that is trusted like https although it is http, such as {@code http://localhost:8080}. Python:
         * {@code treat_as_secure_origin}.
         *
         * @param origin a URL, of which scheme, host and port count
         * @throws IllegalArgumentException if it is no http, https, ws or wss URL
         */
        Builder treatAsSecureOrigin(URI origin);

        /**
         * Whether cookies for public suffixes, such as {@code co.uk} and {@code github.io}, are refused; true unless
         * set. They would go to the hosts of many owners. aiohttp takes them.
         */
        Builder checkPublicSuffixes(boolean checkPublicSuffixes);

        /**
         * How many cookies are kept; beyond that those are dropped that were not used for the longest time. 3000 unless
         * set, 0 for any number. aiohttp knows no such limit.
         *
         * @throws IllegalArgumentException if it is negative
         */
        Builder maxCookies(int cookies);

        /**
         * How many cookies are kept of one domain; beyond that those are dropped that were not used for the longest
         * time. 180 unless set, 0 for any number. aiohttp knows no such limit.
         *
         * @throws IllegalArgumentException if it is negative
         */
        Builder maxCookiesPerDomain(int cookies);

        /**
         * How many bytes name and value of a cookie may have together; larger ones are refused. 4096 unless set, 0 for
         * any number. aiohttp knows no such limit.
         *
         * @throws IllegalArgumentException if it is negative
         */
        Builder maxCookieSize(int bytes);

        /** What time it is, for the end of cookies; the clock of the system unless set. */
        Builder clock(Clock clock);

        /** The jar. */
        CookieJar build();
    }
}
